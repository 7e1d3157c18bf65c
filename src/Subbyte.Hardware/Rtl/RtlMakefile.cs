namespace Subbyte.Hardware.Rtl;

/// <summary>The Makefile of a testbench.</summary>
internal static class RtlMakefile
{
    /// <summary>Its text.</summary>
    /// <param name="testbench">File of the testbench.</param>
    /// <param name="sources">Files of the blocks.</param>
    /// <returns>Targets <c>icarus</c> and <c>verilator</c>, each of which prints a line that begins with PASS or FAIL, and <c>clean</c>.</returns>
    public static string Text(string testbench, IReadOnlyList<string> sources) => $"""
        SOURCES = {testbench} {string.Join(' ', sources)}

        # Each target builds the testbench, runs it, and prints a line that begins with PASS or FAIL.
        .PHONY: icarus verilator clean

        icarus:
        	@iverilog -g2005-sv -s testbench -o testbench.vvp $(SOURCES)
        	@vvp -n testbench.vvp | tee icarus.log
        	@grep -q '^PASS' icarus.log

        verilator:
        	@verilator --binary --timing -O3 -Wno-lint -Wno-style --top-module testbench -Mdir verilated $(SOURCES) > verilator-build.log 2>&1 || (cat verilator-build.log; false)
        	@./verilated/Vtestbench | tee verilator.log
        	@grep -q '^PASS' verilator.log

        clean:
        	@rm -rf testbench.vvp verilated icarus.log verilator.log verilator-build.log

        """;
}
