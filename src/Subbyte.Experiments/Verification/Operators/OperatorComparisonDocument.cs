using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;

namespace Subbyte.Experiments.Verification.Operators;

/// <summary>Generated models of one operator, counted.</summary>
/// <param name="Seed">Seed of the cases.</param>
/// <param name="Cases">The cases.</param>
public sealed record OperatorComparisonDocument(ulong Seed, IReadOnlyList<ComparedCase> Cases)
{
    /// <summary>Name and version of the schema.</summary>
    [JsonPropertyOrder(-2)]
    public string Schema { get; } = "subbyte.operators/1";

    /// <summary>Cases that both run and that agree.</summary>
    [JsonPropertyOrder(-1)]
    public int Agree => Cases.Count(one => one.Agreement == Agreement.Agrees);

    /// <summary>Cases that differ.</summary>
    [JsonPropertyOrder(-1)]
    public int Differ => Cases.Count(one => one.Agreement == Agreement.Differs);

    /// <summary>Counts of each operator, in alphabetical order.</summary>
    [JsonPropertyOrder(-1)]
    public IReadOnlyList<OperatorSummary> Operators => [.. Cases.GroupBy(one => one.OpType).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => OperatorSummary.Of(group.Key, [.. group]))];

    /// <summary>The document as JSON.</summary>
    /// <returns>Indented JSON with a final line feed.</returns>
    public string ToJson() => DocumentJson.Write(this);

    /// <summary>A page of Markdown: what was compared and how, and the table.</summary>
    /// <returns>The page with a final line feed.</returns>
    public string ToPage()
    {
        using var resource = typeof(OperatorComparisonDocument).Assembly.GetManifestResourceStream("Subbyte.Experiments.conformance.md")!;
        using var reader = new StreamReader(resource);
        var page = new StringBuilder(reader.ReadToEnd());
        foreach (var (name, count) in new[] { ("cases", Cases.Count), ("operators", Operators.Count), ("agree", Agree), ("differ", Differ), ("unsupported", Operators.Sum(row => row.Unsupported)), ("absent", Operators.Sum(row => row.NotInOnnxRuntime)) })
            page.Replace($"{{{name}}}", count.ToString(CultureInfo.InvariantCulture));
        return page.Replace("{seed}", Seed.ToString(CultureInfo.InvariantCulture)).Replace("{table}\n", ToTable()).ToString();
    }

    /// <summary>The counts as a table of Markdown.</summary>
    /// <returns>Lines with a final line feed.</returns>
    public string ToTable()
    {
        var text = new StringBuilder("| operator | cases | agree | differ | not supported | not in ONNX Runtime | tolerance | largest difference | of the tolerance |\n| --- | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: |\n");
        foreach (var row in Operators)
        {
            var share = row.MaxError == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"{row.ShareOfTolerance:0.##}");
            text.Append(CultureInfo.InvariantCulture, $"| {row.OpType} | {row.Cases} | {row.Agree} | {row.Differ} | {row.Unsupported} | {row.NotInOnnxRuntime} | {row.Tolerance.Replace("|", "\\|", StringComparison.Ordinal)} | {row.MaxError:G2} | {share} |\n");
        }

        return text.ToString();
    }
}
