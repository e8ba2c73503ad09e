Attribute VB_Name = "XlplanBridge"
Option Explicit

' For offices that have the xlwings add-in: it finds and starts the interpreter as its own settings
' say, and gives the workbook's name to the program. Late bound, so that nothing is referenced.

Public Sub XlplanStart(ByVal Verb As String)
    If ActiveWorkbook Is Nothing Then
        XlplanTell "no_book", ""
        Exit Sub
    End If
    On Error GoTo Failed
    XlplanHostRun "import runpy, sys; sys.argv[1:1] = ['" & Verb & "', '--addin=" & _
        XlplanConf("version") & "', '--asks=" & XlplanConf("asks") & "']; runpy.run_module('xlplan.excel', None, '__main__', True)"
    Exit Sub
Failed:
    XlplanTell "no_xlwings", Err.Description
End Sub

' A word or setting from the sheet xlplan.conf beside these macros: name in A, value in B.
Public Function XlplanConf(ByVal Name As String) As String
    Dim Row As Long
    On Error GoTo Missing
    With ThisWorkbook.Worksheets("xlplan.conf")
        For Row = 1 To 40
            If CStr(.Cells(Row, 1).Value) = Name Then XlplanConf = CStr(.Cells(Row, 2).Value)
        Next Row
    End With
Missing:
End Function

Private Sub XlplanTell(ByVal Name As String, ByVal Detail As String)
    Dim Text As String
    Text = XlplanConf(Name)
    If Text = "" Then Text = "xlplan: " & Name & " {detail}"
    MsgBox Replace(Text, "{detail}", Detail), vbExclamation, "xlplan"
End Sub
