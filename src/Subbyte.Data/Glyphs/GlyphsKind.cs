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
        DataOptions.Read(this, spec, spec.Argument.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), Options, options);
        var split = spec.Split ?? DataSplit.Test;
        return new DataSet(new GlyphRecords(options, split), spec.Text, split == DataSplit.Train ? "train" : "test");
    }
}
