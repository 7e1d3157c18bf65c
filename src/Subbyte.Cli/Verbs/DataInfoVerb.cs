using System.CommandLine;
using Spectre.Console;
using Subbyte.Data;
using Subbyte.Experiments;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte data info</c>: what a data set holds.</summary>
internal static class DataInfoVerb
{
    private const string Description = """
        Opens a data set and tells its samples, their shape, how many there are of each class, and the SHA-256 of what would be evaluated.

        Examples:
          subbyte data info mnist:data/mnist#train
          subbyte data info images:photos --json -
        """;

    /// <summary>More classes than this are summed up in a line.</summary>
    private const int MostRows = 20;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var common = new CommonOptions { HasTable = true };
        var spec = new Argument<string>("DATA") { Description = "the data, as --data takes it" };
        var verb = new Command("info", Description) { spec };
        common.AddTo(verb);
        verb.SetAction(parsed =>
        {
            var values = common.Read(parsed);
            var data = DataSpec.Open(parsed.GetValue(spec)!);
            var classes = data.HasLabels ? data.CountClasses() : null;
            if (values.PrintsTable) Print(data, classes);
            values.WriteJson(() => ToJson(data, classes));
            values.WriteCsv((classes ?? []).Select((samples, number) => new { @class = number, samples }));
            return ExitCodes.Done;
        });
        return verb;
    }

    private static string Shape(DataSet data) => string.Join('x', data.SampleShape.ToArray());

    private static void Print(DataSet data, int[]? classes)
    {
        Console.Out.WriteLine($"{data.Spec}: {data.Count} samples of {Shape(data)}, split {data.Split}");
        Console.Out.WriteLine($"sha256 {data.Sha256}");
        if (classes is null)
        {
            Console.Out.WriteLine("no labels; the metric is agreement with fp32");
        }
        else if (classes.Length > MostRows)
        {
            var present = classes.Where(count => count > 0).ToArray();
            Console.Out.WriteLine($"{classes.Length} classes, {present.Length} of them with samples: {present.Min()} to {present.Max()} each");
        }
        else
        {
            var table = new Table { Border = TableBorder.Rounded }.AddColumns("class", "samples", "share");
            for (var c = 0; c < classes.Length; c++) table.AddRow($"{c}", $"{classes[c]}", $"{(double)classes[c] / data.Count:P1}");
            Terminal.Out.Write(table);
        }
    }

    private static string ToJson(DataSet data, int[]? classes) => DocumentJson.Write(
        new
        {
            schema = "subbyte.data-info/1",
            spec = data.Spec,
            split = data.Split,
            samples = data.Count,
            shape = data.SampleShape.ToArray(),
            sha256 = data.Sha256,
            classes = data.ClassCount,
            samplesPerClass = classes,
        });
}
