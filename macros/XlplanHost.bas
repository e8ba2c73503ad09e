Attribute VB_Name = "XlplanHost"
Option Explicit

' The only place that touches the system: runs a command line, waits, gives its exit status.

Public Function XlplanHostRun(ByVal Command As String) As Long
#If Mac Then
    ' Not waited for: Excel for Mac answers no Apple event while a macro waits.
    XlplanHostRun = CLng(AppleScriptTask("xlplan.applescript", "XlplanRun", Command))
#Else
    Dim Shell As Object
    Set Shell = CreateObject("WScript.Shell")
    ' Run expands %NAME%; a workbook's name may hold percent signs of its own.
    Shell.Environment("PROCESS").Item("XLPLAN_PERCENT") = "%"
    XlplanHostRun = Shell.Run(Replace(Command, "%", "%XLPLAN_PERCENT%"), 1, True)
#End If
End Function
