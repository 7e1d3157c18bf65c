using Subbyte.Data.Cifar;
using Subbyte.Data.Glyphs;
using Subbyte.Data.Idx;
using Subbyte.Data.Images;
using Subbyte.Data.Npz;
using Subbyte.Data.Sets;
using Subbyte.Data.Text;

namespace Subbyte.Data;

/// <summary>The kinds of data that there are.</summary>
public static class DataKinds
{
    /// <summary>All kinds, in the order of help texts.</summary>
    public static IReadOnlyList<IDataKind> All { get; } = [new GlyphsKind(), new MnistKind(), new CifarKind(), new ImagesKind(), new NpzKind(), new SetKind(), new WikitextKind()];

    /// <summary>The kind of a specification.</summary>
    /// <param name="spec">The specification.</param>
    /// <returns>Its kind.</returns>
    /// <exception cref="UserErrorException">There is no such kind; the message lists those that there are.</exception>
    public static IDataKind Find(DataSpec spec) =>
        All.FirstOrDefault(kind => kind.Name == spec.Kind)
        ?? throw spec.Error($"'{spec.Kind}' is not a kind of data; write one of {string.Join(", ", All.Select(kind => kind.Usage))}");
}
