-- Runs a command line for Excel, which may not start programs itself. Not waited for: Excel
-- answers no Apple event while a macro waits. That the launcher is there is asked first, so that a
-- click never ends in silence.
on XlplanRun(commandLine)
	try
		do shell script "test -x \"$HOME/Library/Group Containers/UBF8T346G9.Office/xlplan/python\""
		do shell script commandLine & " > /dev/null 2>&1 &"
		return "0"
	on error message number status
		return status as text
	end try
end XlplanRun
