namespace Subbyte.Data.Sets;

/// <summary>Raw tensor files of any shape, told by a descriptor: a small YAML file, or one that the library carries with it.</summary>
internal sealed class SetKind : IDataKind
{
    /// <summary>The folder of the descriptors that the library carries with it.</summary>
    private const string Folder = "sets/";

    /// <inheritdoc/>
    public string Name => "set";

    /// <inheritdoc/>
    public string Usage => "set:FILE.yaml";

    /// <inheritdoc/>
    public string Summary =>
        $"a raw tensor file (u8, i8, f32) that a descriptor tells about, or one of {string.Join(", ", BuiltInFiles.Names(Folder))}";

    /// <inheritdoc/>
    public DataSet Open(DataSpec spec)
    {
        spec.ExpectNoTrainSplit();
        return new DataSet(Descriptor(spec).Read(), spec.Text, "all");
    }

    private static SetDescriptor Descriptor(DataSpec spec)
    {
        var path = spec.ResolvePath();
        if (!BuiltInFiles.IsName(spec.Argument) || File.Exists(path))
            return SetDescriptor.From(YamlMapping.Read(path), Path.GetDirectoryName(Path.GetFullPath(path)));
        return BuiltInFiles.Find(Folder, spec.Argument) is { } builtIn
            ? SetDescriptor.From(builtIn, baseFolder: null)
            : throw spec.Error($"there is neither a file {path} nor a built-in set of that name; built in are {string.Join(", ", BuiltInFiles.Names(Folder))}");
    }
}
