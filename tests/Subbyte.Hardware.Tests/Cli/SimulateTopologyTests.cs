using System.Text.Json;
using Subbyte.Tests.Cli;
using Subbyte.Tests.Data;

namespace Subbyte.Hardware.Tests.Cli;

[Collection(CommandCollection.Name)]
public sealed class SimulateTopologyTests : IDisposable
{
    private const string Csv = "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\nconv, 58, 58, 3, 3, 64, 64, 1,\nfc, 1, 1, 1, 1, 512, 10, 1,\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("os", 125_048)]
    [InlineData("ws", 116_280)]
    [InlineData("is", 278_712)]
    public async Task Json_holds_one_result_a_layer_with_its_cycles(string dataflow, double cycles)
    {
        var run = (await CommandRun.Of("simulate", "--topology", _folder.Write("t.csv", Csv), "--array", "32x32", "--dataflow", dataflow, "--json", "-")).ShouldBeDone();
        var document = JsonDocument.Parse(run.Output).RootElement;
        document.GetProperty("schema").GetString().ShouldBe("subbyte.simulate/1");
        var results = document.GetProperty("results");
        results.GetArrayLength().ShouldBe(2);
        results[0].GetProperty("recipe").GetString().ShouldBe("conv");
        results[0].GetProperty("cost").GetProperty("cycles").GetDouble().ShouldBe(cycles);
        results[0].GetProperty("cost").GetProperty("macs").GetDouble().ShouldBe(3136 * 64 * 576);
        var total = document.GetProperty("total").GetProperty("cost").GetProperty("cycles").GetDouble();
        total.ShouldBe(cycles + results[1].GetProperty("cost").GetProperty("cycles").GetDouble());
    }

    [Fact]
    public async Task The_table_has_a_row_a_layer_and_the_sum()
    {
        var run = (await CommandRun.Of("simulate", "--topology", "alexnet")).ShouldBeDone();
        foreach (var text in new[] { "conv1", "fc8", "total", "cycles", "utilization" }) run.Output.ShouldContain(text);
    }

    [Fact]
    public async Task Energies_of_a_file_take_the_place_of_the_tables()
    {
        var topology = _folder.Write("t.csv", Csv);
        async Task<double> Energy(string name, string yaml)
        {
            var run = (await CommandRun.Of("simulate", "--topology", topology, "--energy", _folder.Write(name, yaml), "--json", "-")).ShouldBeDone();
            return JsonDocument.Parse(run.Output).RootElement.GetProperty("total").GetProperty("energyPartsPicojoules").GetProperty("dram").GetDouble();
        }

        (await Energy("a.yaml", "dram: 100\n")).ShouldBe(await Energy("b.yaml", "dram: 200\nnanometres: 22\n") / 2, 1e-6);
        (await CommandRun.Of("simulate", "--topology", topology, "--energy", _folder.Write("c.yaml", "dram: 1\nsrram: 2\n"))).ShouldBeRefused("c.yaml:2", "srram");
        (await CommandRun.Of("simulate", "--topology", topology, "--energy", _folder.Write("d.yaml", "idle-power: 1.5\n"))).ShouldBeRefused("d.yaml:1", "idle-power");
    }

    [Fact]
    public async Task The_report_is_one_page_with_bars_and_a_roofline()
    {
        (await CommandRun.Of("simulate", "--topology", _folder.Write("t.csv", Csv), "--bandwidth", "8", "--out", _folder.Path)).ShouldBeDone().Output.ShouldContain("report.html");
        var page = System.Xml.Linq.XDocument.Parse(File.ReadAllText(_folder["report.html"]).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
        page.Descendants("circle").Count().ShouldBe(2);
        page.Descendants("svg").Count().ShouldBe(1 + (2 * 2));
        page.Descendants("script").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--topology absent.csv", "absent.csv", "resnet18")]
    [InlineData("--topology alexnet --array 32", "'32'")]
    [InlineData("--topology alexnet --array 0x5", "'0x5'")]
    [InlineData("--topology alexnet --dataflow rs", "'rs'")]
    [InlineData("--topology alexnet --bandwidth 0", "--bandwidth")]
    [InlineData("--topology alexnet --config absent.cfg", "absent.cfg")]
    public async Task Bad_usage_is_one_line(string arguments, params string[] texts)
        => (await CommandRun.Of(["simulate", .. arguments.Split(' ')])).ShouldBeRefused(texts);
}

/// <summary>Tests that run the command take over the console, so they run one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class CommandCollection
{
    public const string Name = "command";
}
