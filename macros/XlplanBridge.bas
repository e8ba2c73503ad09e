Attribute VB_Name = "XlplanBridge"
Option Explicit

' Starts the program that does the work, waits for it, and says when it could not be started.
' Nothing is computed here, and no code is ever found by the path of a workbook.

Private Running As Boolean

Public Sub XlplanStart(ByVal Verb As String)
    Dim Python As String
    Dim Status As Long
    If Running Then Exit Sub
    If ActiveWorkbook Is Nothing Then
        XlplanTell "no_book", ""
        Exit Sub
    End If
    Python = XlplanPython()
    If Python = "" Then
        XlplanTell "no_python", ""
        Exit Sub
    End If
    Running = True
    On Error GoTo Failed
    Status = XlplanHostRun(XlplanCommand(Python, Verb))
    Running = False
    ' The program itself has told the user how it went whenever it ends with 0.
    If Status <> 0 Then XlplanTell "ended", CStr(Status)
    Exit Sub
Failed:
    Running = False
    XlplanTell "not_started", Err.Description
End Sub

Public Function XlplanCommand(ByVal Python As String, ByVal Verb As String) As String
    XlplanCommand = Python & " -X utf8 -m xlplan.excel " & Verb & " " & _
        XlplanQuoted("--wb=" & ActiveWorkbook.FullName) & " --from_xl=1 --hwnd=" & XlplanWindow() & _
        " --addin=" & XlplanConf("version") & " --asks=" & XlplanConf("asks")
End Function

' The interpreter, quoted: what "xlplan excel install" noted, else the environment variable
' XLPLAN_PYTHON, else the sheet xlplan.conf of the workbook that holds these macros (of no other).
Public Function XlplanPython() As String
    Dim Found As String
    Found = XlplanInstalled()
    If Found = "" Then Found = XlplanQuotedIfAny(XlplanEnvironment("XLPLAN_PYTHON"))
    If Found = "" Then Found = XlplanQuotedIfAny(XlplanConf("python"))
    XlplanPython = Found
End Function

Private Function XlplanInstalled() As String
    Dim Files As Object
    Dim Text As Object
    Dim Line As String
    Dim Path As String
    If XlplanOnMac() Then
        ' A launcher that install made; the shell that starts it knows the real home folder.
        XlplanInstalled = """$HOME/Library/Group Containers/UBF8T346G9.Office/xlplan/python"""
        Exit Function
    End If
    On Error GoTo Missing
    Path = XlplanEnvironment("LOCALAPPDATA") & "\xlplan\xlplan.conf"
    Set Files = CreateObject("Scripting.FileSystemObject")
    If Not Files.FileExists(Path) Then Exit Function
    Set Text = Files.OpenTextFile(Path, 1, False, -1)
    Do Until Text.AtEndOfStream
        Line = Text.ReadLine
        If Left$(Line, 7) = "python=" Then
            If Files.FileExists(Mid$(Line, 8)) Then XlplanInstalled = XlplanQuoted(Mid$(Line, 8))
        End If
    Loop
    Text.Close
Missing:
End Function

Private Function XlplanEnvironment(ByVal Name As String) As String
    On Error GoTo Plain
    XlplanEnvironment = CreateObject("WScript.Shell").Environment("PROCESS").Item(Name)
    Exit Function
Plain:
    XlplanEnvironment = Environ(Name)
End Function

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

Private Function XlplanQuotedIfAny(ByVal Text As String) As String
    If Text <> "" Then XlplanQuotedIfAny = XlplanQuoted(Text)
End Function

Private Function XlplanQuoted(ByVal Text As String) As String
    If XlplanOnMac() Then
        XlplanQuoted = "'" & Replace(Text, "'", "'\''") & "'"
    Else
        XlplanQuoted = """" & Text & """"
    End If
End Function

Private Function XlplanOnMac() As Boolean
    On Error GoTo Missing
    XlplanOnMac = (InStr(Application.OperatingSystem, "Mac") > 0)
Missing:
End Function

Private Function XlplanWindow() As String
    On Error GoTo Missing
    XlplanWindow = CStr(Application.Hwnd)
    Exit Function
Missing:
    XlplanWindow = "0"
End Function
