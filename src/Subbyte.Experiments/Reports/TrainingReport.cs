using Subbyte.Experiments.Reports;
using Subbyte.Experiments.TrainingRuns;
using Subbyte.Training;

namespace Subbyte.Experiments;

/// <summary>The report of a training: curves over the epochs, and how weights and inputs of the layers move. One HTML page without script.</summary>
public static class TrainingReport
{
    // More stages of a layer than these stand side by side nowhere.
    private const int Stages = 4;

    /// <summary>Writes the report.</summary>
    /// <param name="task">Recipe, network and data.</param>
    /// <param name="session">The options of the run.</param>
    /// <param name="history">All epochs so far.</param>
    /// <param name="document">The final result, or null while training goes on.</param>
    /// <param name="stream">Receives the page; it stays open.</param>
    public static void Write(TrainingTask task, TrainingSession session, IReadOnlyList<EpochMetrics> history, ResultDocument? document, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(stream);
        HtmlPage.Write($"training {task.Recipe.Name} — Subbyte", stream, html =>
        {
            WriteHeader(html, task, session, history, document);
            using var main = html.In("main");
            WriteCurves(html, task, history);
            WriteEpochs(html, task, history);
            WriteLayers(html, history);
        });
    }

    private static void WriteHeader(MarkupWriter html, TrainingTask task, TrainingSession session, IReadOnlyList<EpochMetrics> history, ResultDocument? document)
    {
        using var header = html.In("header");
        html.Leaf("p", "Subbyte training", ("class", "kicker"));
        html.Leaf("h1", task.Recipe.Name);
        using (html.In("p", ("class", "lead")))
        {
            if (document is null) html.Text($"Going on: {Quantity.Whole(history.Count)} of {Quantity.Whole(session.Options.Epochs)} epochs are done.");
            else html.Text($"{Metrics.Name(document.Results[0].Metric)} {Metrics.Text(document.Results[0], document.Results[0].Value)} on {Quantity.Whole(document.Results[0].Samples)} samples of {document.Data.Spec}, after {Quantity.Whole(history.Count)} epochs.");
        }

        if (task.Overlap > 0)
        {
            using var warning = html.In("aside", ("class", "warning"), ("role", "note"));
            html.Leaf("strong", "The network was trained on data that it is tested on. ");
            html.Text($"{Quantity.Whole(task.Overlap)} training samples are tested too, so the result is flattered.");
        }

        using var list = html.In("dl", ("class", "facts"));
        foreach (var line in TrainingPlanText.Of(task, session).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            html.Leaf("dt", line[..space]);
            html.Leaf("dd", line[space..].Trim());
        }
    }

    private static void WriteCurves(MarkupWriter html, TrainingTask task, IReadOnlyList<EpochMetrics> history)
    {
        using var section = html.In("section", ("id", "curves"));
        html.Leaf("h2", "Curves");
        var judged = task.Validation is null ? "test" : "validation";
        using (html.In("div", ("class", "curves")))
        {
            CurveChart.Write(html, "Loss", [Of("training", epoch => epoch.Loss), Of(judged, epoch => epoch.ValidationLoss)], Quantity.Significant);
            CurveChart.Write(html, "Accuracy", [Of("training", epoch => epoch.Accuracy), Of(judged, epoch => epoch.ValidationAccuracy)], value => Quantity.Percent(value));
            CurveChart.Write(html, "Learning rate", [Of("rate of the last step", epoch => epoch.LearningRate)], Quantity.Significant);
        }

        html.Leaf("p", $"Training figures are taken while the network moves, each sample before its own step, augmented and with dropout; the {judged} figures at the end of the epoch. The test data choose nothing.", ("class", "note"));

        Curve Of(string name, Func<EpochMetrics, double?> value)
            => new(name, [.. history.Where(epoch => value(epoch) is not null).Select(epoch => ((double)epoch.Epoch, value(epoch)!.Value))]);
    }

    private static void WriteEpochs(MarkupWriter html, TrainingTask task, IReadOnlyList<EpochMetrics> history)
    {
        using var section = html.In("section", ("id", "epochs"));
        html.Leaf("h2", "Epochs");
        using var scroll = html.In("div", ("class", "scroll"));
        using var table = html.In("table", ("class", "plain"));
        var judged = task.Validation is null ? "test" : "validation";
        using (html.In("thead"))
        {
            using var row = html.In("tr");
            foreach (var heading in new[] { "epoch", "rate", "loss", "accuracy", $"{judged} loss", $"{judged} accuracy", "seconds" }) html.Leaf("th", heading, ("scope", "col"));
        }

        using var body = html.In("tbody");
        foreach (var epoch in history)
        {
            using var row = html.In("tr");
            html.Leaf("th", epoch.Phase.Length == 0 ? Quantity.Whole(epoch.Epoch) : $"{epoch.Phase} {Quantity.Whole(epoch.Epoch)}", ("scope", "row"));
            string[] cells =
            [
                Quantity.Significant(epoch.LearningRate), Significant(epoch.Loss), Percent(epoch.Accuracy), Significant(epoch.ValidationLoss), Percent(epoch.ValidationAccuracy), Quantity.Significant(epoch.Seconds),
            ];
            foreach (var cell in cells) html.Leaf("td", cell);
        }

        static string Significant(double? value) => value is { } number ? Quantity.Significant(number) : "—";
        static string Percent(double? value) => value is { } number ? Quantity.Percent(number) : "—";
    }

    private static void WriteLayers(MarkupWriter html, IReadOnlyList<EpochMetrics> history)
    {
        EpochMetrics[] known = [.. history.Where(epoch => epoch.Histograms.Count > 0)];
        if (known.Length == 0) return;
        EpochMetrics[] stages = [.. Enumerable.Range(0, Math.Min(Stages, known.Length)).Select(i => known[(int)Math.Round((double)i * (known.Length - 1) / Math.Max(1, Math.Min(Stages, known.Length) - 1))])];
        using var section = html.In("section", ("id", "layers"));
        html.Leaf("h2", "Layers over time");
        html.Leaf("p", "Weights as the layer multiplies them, and its inputs in the latest batch. Each axis goes from the smallest to the largest number; the height is relative to the fullest bin.", ("class", "note"));
        for (var layer = 0; layer < stages[0].Histograms.Count; layer++)
        {
            html.Name("h3", stages[0].Histograms[layer].Layer);
            using var row = html.In("div", ("class", "histograms"));
            foreach (var stage in stages)
            {
                WriteHistogram(html, $"weights, epoch {Quantity.Whole(stage.Epoch)}", stage.Histograms[layer].Weights);
                WriteHistogram(html, $"inputs, epoch {Quantity.Whole(stage.Epoch)}", stage.Histograms[layer].Inputs);
            }
        }
    }

    private static void WriteHistogram(MarkupWriter html, string caption, Histogram histogram)
    {
        if (histogram.Counts.Count == 0) return;
        using var figure = html.In("figure");
        WeightHistogram.Write(html, [.. histogram.Counts.Select(count => (long)count)]);
        using (html.In("div", ("class", "ticks")))
        {
            html.Leaf("span", Signed(histogram.Low));
            html.Leaf("span", Signed(histogram.High));
        }

        html.Leaf("figcaption", caption);
    }

    private static string Signed(double value) => value < 0 ? "−" + Quantity.Significant(-value) : Quantity.Significant(value);
}
