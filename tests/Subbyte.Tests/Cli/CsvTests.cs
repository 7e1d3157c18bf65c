using System.Globalization;
using System.Text.Json.Nodes;
using CsvHelper;
using Subbyte.Cli;
using Subbyte.Tests.Kernels;

namespace Subbyte.Tests.Cli;

/// <summary>What <c>--csv</c> writes.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class CsvTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_comparison_is_a_row_a_recipe_with_the_values_of_the_json()
    {
        (await CommandRun.Of([.. Compare, "--csv", _folder["out/table.csv"], "--json", _folder["result.json"]])).ShouldBeDone().Output.ShouldContain("int4");
        var rows = Rows(File.ReadAllText(_folder["out/table.csv"]));
        var results = JsonNode.Parse(File.ReadAllText(_folder["result.json"]))!["results"]!.AsArray();
        rows.Count.ShouldBe(3);
        for (var i = 0; i < rows.Count; i++)
        {
            rows[i]["recipe"].ShouldBe(results[i]!["recipe"]!.GetValue<string>());
            Number(rows[i], "value").ShouldBe(results[i]!["value"]!.GetValue<double>());
            Number(rows[i], "meanSquaredError").ShouldBe(results[i]!["meanSquaredError"]!.GetValue<double>());
            Number(rows[i], "lost").ShouldBe(results[i]!["flips"]!["lost"]!.GetValue<int>());
            Number(rows[i], "energyPicojoules").ShouldBe(results[i]!["cost"]!["energyPicojoules"]!.GetValue<double>());
        }

        _folder.Files.ShouldNotContain(file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_standard_output_the_table_is_alone()
    {
        foreach (var (args, column, rows) in new (string[], string, int)[]
        {
            (["eval", _folder.Model, "--data", _folder.Data], "samplesPerSecond", 1),
            (["inspect", _folder.Model], "meanTerms", 3),
            (["methods"], "summary", Subbyte.Methods.MethodRegistry.Default.Methods.Count),
            (["methods", "tr"], "default", Subbyte.Methods.MethodRegistry.Default.Find("tr").Options.Count),
        })
        {
            var table = Rows((await CommandRun.Of([.. args, "--csv", "-"])).ShouldBeDone().Output);
            table.Count.ShouldBe(rows, args[0]);
            table[0].Keys.ShouldContain(column);
        }
    }

    [Fact]
    public async Task Operator_cases_are_rows_with_their_status()
    {
        var row = Rows((await CommandRun.Of("verify", "--test-data", FolderWithOneBadCase(), "--csv", "-", "--quiet")).Output).ShouldHaveSingleItem();
        (row["name"], row["status"], row["maxError"]).ShouldBe(("case", "failed", ""));
        row["reason"].ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Two_results_do_not_share_a_place()
    {
        (await CommandRun.Of("eval", _folder.Model, "--data", _folder.Data, "--csv", "-", "--json", "-")).ShouldBeRefused("--json", "--csv", "standard output");
        (await CommandRun.Of("inspect", _folder.Model, "--csv", _folder["a"], "--json", _folder["a"])).ShouldBeRefused("--json", "--csv");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_refused_before_any_work()
        => (await CommandRun.Of("eval", _folder.Model, "--data", _folder.Data, "--csv", Path.Combine(_folder.Model, "table.csv"))).ShouldBeRefused("cannot be written");

    [Theory]
    [InlineData("=HYPERLINK(\"x\")")]
    [InlineData("@sum")]
    [InlineData("+1+cmd")]
    [InlineData("-1+cmd|x")]
    public void Text_that_a_spreadsheet_would_run_is_made_harmless(string text)
        => Rows(CsvRows.Write([new { text, number = 1 }]))[0]["text"].ShouldBe("'" + text);

    [Fact]
    public void Numbers_are_the_same_in_every_culture_and_keep_their_sign()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = culture;
            CsvRows.Write([new { lossPoints = -1.5, Name = "a, \"b\"", none = (double?)null }]).ShouldBe("lossPoints,name,none\n-1.5,\"a, \"\"b\"\"\",\n");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private string[] Compare => ["compare", _folder.Model, "--data", _folder.Data, "--calibrate", _folder.Calibration, "--methods", "int8; int4", "--no-report"];

    private string FolderWithOneBadCase()
    {
        Directory.CreateDirectory(_folder["cases/case/test_data_set_0"]);
        _folder.Write("cases/case/model.onnx", "no model");
        _folder.Write("cases/case/test_data_set_0/input_0.pb", "");
        return _folder["cases"];
    }

    private static double Number(IDictionary<string, string> row, string column) => double.Parse(row[column], CultureInfo.InvariantCulture);

    private static List<Dictionary<string, string>> Rows(string text)
    {
        using var csv = new CsvReader(new StringReader(text), CultureInfo.InvariantCulture);
        csv.Read().ShouldBeTrue();
        csv.ReadHeader().ShouldBeTrue();
        var rows = new List<Dictionary<string, string>>();
        while (csv.Read()) rows.Add(csv.HeaderRecord!.ToDictionary(name => name, name => csv.GetField(name)!, StringComparer.Ordinal));
        return rows;
    }
}
