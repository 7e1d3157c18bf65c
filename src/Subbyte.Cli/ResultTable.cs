using System.Globalization;
using Spectre.Console;
using Subbyte.Experiments;

namespace Subbyte.Cli;

/// <summary>The table of results that <c>eval</c> and <c>compare</c> print.</summary>
internal static class ResultTable
{
    /// <summary>Prints results, one row each.</summary>
    /// <param name="document">The document.</param>
    public static void Print(ResultDocument document)
    {
        var table = new Table { Border = TableBorder.Rounded };
        var metric = document.Results.Count == 0 ? "value" : document.Results[0].Metric;
        var isText = metric == MetricNames.Perplexity;
        foreach (var heading in new[] { "recipe", metric, "95 % interval", "lost/gained", "agree", "output MSE", "bits w/a", "weights", "energy", "cycles", "samples/s" })
            table.AddColumn(new TableColumn(heading) { Alignment = heading == "recipe" ? Justify.Left : Justify.Right, NoWrap = heading != "recipe" });
        foreach (var result in document.Results)
        {
            table.AddRow(
                Terminal.Plain(result.Recipe),
                isText ? $"{result.Value:0.00}" : $"{result.Value:P2} ({result.Correct}/{result.Samples})",
                isText ? $"{result.Confidence95[0]:0.0} – {result.Confidence95[1]:0.0}" : $"{result.Confidence95[0]:P1} – {result.Confidence95[1]:P1}",
                $"−{result.Flips.Lost} +{result.Flips.Gained}",
                $"{result.Agreement:P1}",
                result.MeanSquaredError.ToString("G3", CultureInfo.InvariantCulture),
                $"{result.Cost.WeightBits:0.0}/{result.Cost.ActivationBits:0.0}",
                Quantity.Memory.Format(result.Cost.WeightBytes),
                Quantity.Energy.Format(result.Cost.EnergyPicojoules),
                Quantity.Count.Format(result.Cost.Cycles),
                $"{result.SamplesPerSecond:0}");
        }

        Terminal.Out.Write(table);
        if (isText) Console.Out.WriteLine("lost/gained and agree: the likeliest next word, right or not, and the same as fp32's or not");
        Console.Out.WriteLine("energy and cycles are modelled for one sample, cycles on each method's own array; weights are those of the dot-product layers");
        foreach (var result in document.Results.Where(result => result.Cost.Operations.ContainsKey("macs.skipped"))) Console.Out.WriteLine(Savings(result));
    }

    /// <summary>What predictions saved; the other figures of such a row are those of layers that compute everything.</summary>
    private static string Savings(RecipeResult result)
    {
        var operations = result.Cost.Operations;
        var (skipped, predicted) = (operations["macs.skipped"], operations["macs.predicted"]);
        var wrong = operations["outputs.skippedWrongly"] / Math.Max(1, operations["outputs.skipped"]);
        return $"{result.Recipe}: {skipped / predicted:P1} of the predicted layers' multiply-accumulates are not needed, {skipped / result.Cost.Macs:P1} of the network's; {wrong:P1} of the skipped outputs are not zero";
    }
}
