Attribute VB_Name = "XlplanRibbon"
Option Explicit

' What the tab of the add-in calls; the tag of a button is its verb.

Public Sub XlplanPressed(control As IRibbonControl)
    XlplanStart control.Tag
End Sub
