using Subbyte.Hardware.Rtl;
using Subbyte.Tests.Cli;
using Subbyte.Tests.Data;

namespace Subbyte.Hardware.Tests.Cli;

[Collection(CommandCollection.Name)]
public sealed class RtlTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tr", "tmac")]
    [InlineData("sparq:window=2opt", "sparq_4b2opt")]
    [InlineData("nb-smt:threads=4", "sysmt4")]
    [InlineData("fpec", "fpec")]
    [InlineData("one-hot", "one_hot")]
    [InlineData("int8", "mac8")]
    [InlineData("fxp:bits=16", "fxp16")]
    public async Task A_drawn_layer_gives_a_testbench_its_vectors_and_a_makefile(string method, string name)
    {
        (await CommandRun.Of("rtl", method, "--out", _folder.Path, "--positions", "2")).ShouldBeDone().Output.ShouldContain(name);
        foreach (var file in new[] { "Makefile", "parameters.vh", "array_tb.v", "x.hex", "w.hex", "y.hex" }) File.Exists(_folder[file]).ShouldBeTrue(file);
        File.ReadAllLines(_folder["y.hex"]).Length.ShouldBe(2 * 16);
    }

    [SkippableTheory]
    [InlineData("element")]
    [InlineData("hese-encoder")]
    [InlineData("group-budget")]
    public async Task What_is_written_runs(string block)
    {
        Skip.IfNot(CoSimulation.IsInstalled(RtlSimulator.Icarus), "Icarus Verilog or make is not installed");
        var run = (await CommandRun.Of("rtl", "tr:group=4,budget=5,terms=2", "--block", block, "--positions", "1", "--out", _folder.Path, "--run", "icarus")).ShouldBeDone();
        run.Output.Split('\n')[1].ShouldStartWith("PASS");
    }

    [Theory]
    [InlineData("fp32", "fp32 has no RTL")]
    [InlineData("sparq --block pair", "conventional")]
    [InlineData("int8 --block modes", "tr")]
    [InlineData("sparq --array 100x100", "at most 4096")]
    [InlineData("sparq --positions 0", "--positions")]
    [InlineData("sparq --block group-budget", "tr")]
    [InlineData("nonsense", "nonsense")]
    public async Task What_cannot_be_written_is_refused(string arguments, string text)
        => (await CommandRun.Of(["rtl", .. arguments.Split(' '), "--out", _folder.Path])).ShouldBeRefused(text);
}
