using Subbyte.Methods;

namespace Subbyte.Data.Glyphs;

/// <summary>Characters drawn by a program: data for a first trial and for tests that need no file.</summary>
internal sealed class GlyphsKind : IDataKind
{
    private static readonly IReadOnlyList<MethodOption> Options = MethodOption.Of(new GlyphOptions());

    /// <inheritdoc/>
    public string Name => "glyphs";

    /// <inheritdoc/>
    public string Usage => $"glyphs[:{string.Join(',', Options.Select(option => option.Name + "="))}]";

    /// <inheritdoc/>
    public string Summary =>
        $"characters drawn by a program, seeded: {string.Join(", ", Options.Select(option => $"{option.Name} {option.Allowed} ({option.Default})"))}";

    /// <inheritdoc/>
    public DataSet Open(DataSpec spec)
    {
        var options = new GlyphOptions();
        foreach (var field in spec.Argument.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? field : field[..equals];
            var option = Options.FirstOrDefault(candidate => candidate.Name == name);
            if (option is null || equals < 0) throw spec.Error($"'{field}' is not an option of glyphs; write {Usage}");
            option.Set(options, field[(equals + 1)..], $"data '{spec.Text}'");
        }

        var split = spec.Split ?? DataSplit.Test;
        return new DataSet(new GlyphRecords(options, split), spec.Text, split == DataSplit.Train ? "train" : "test");
    }
}
