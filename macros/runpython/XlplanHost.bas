Attribute VB_Name = "XlplanHost"
Option Explicit

' The only place that reaches outside: hands a line of Python to the xlwings add-in.

Public Function XlplanHostRun(ByVal Command As String) As Long
    Application.Run "xlwings.xlam!RunPython", Command
End Function
