Attribute VB_Name = "XlplanButtons"
Option Explicit

' One macro a button. The list is xlplan/app/verbs.py: a test compares the two.

Public Sub XlplanCheck()
    XlplanStart "check"
End Sub

Public Sub XlplanRecalculate()
    XlplanStart "recalculate"
End Sub

Public Sub XlplanExplain()
    XlplanStart "explain"
End Sub

Public Sub XlplanBulletin()
    XlplanStart "bulletin"
End Sub

Public Sub XlplanReconcile()
    XlplanStart "reconcile"
End Sub

Public Sub XlplanUndo()
    XlplanStart "undo"
End Sub
