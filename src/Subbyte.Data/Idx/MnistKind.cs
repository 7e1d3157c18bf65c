namespace Subbyte.Data.Idx;

/// <summary>MNIST and all that is stored like it (Fashion-MNIST, EMNIST): pairs of IDX files of grey images and of labels.</summary>
internal sealed class MnistKind : IDataKind
{
    private const string ImagesEnd = "idx3-ubyte";
    private const string LabelsEnd = "idx1-ubyte";

    /// <inheritdoc/>
    public string Name => "mnist";

    /// <inheritdoc/>
    public string Usage => "mnist:DIR";

    /// <inheritdoc/>
    public string Summary => "MNIST, Fashion-MNIST: IDX files train…idx3-ubyte, t10k…idx3-ubyte and their labels (idx1), gzip or not";

    /// <inheritdoc/>
    public DataSet Open(DataSpec spec)
    {
        var path = spec.ResolvePath();
        if (!Directory.Exists(path))
        {
            spec.ExpectNoTrainSplit();
            return new DataSet(Read(path, LabelsBeside(path)), spec.Text, "all");
        }

        var split = spec.Split ?? DataSplit.Test;
        var begin = split == DataSplit.Train ? "train" : "t10k";
        var images = Single(spec, path, begin, ImagesEnd)
            ?? throw spec.Error($"{path} holds no {begin}…{ImagesEnd} (or .gz); name the file of images instead of the folder");
        return new DataSet(Read(images, Single(spec, path, begin, LabelsEnd)), spec.Text, split == DataSplit.Train ? "train" : "test");
    }

    private static string? Single(DataSpec spec, string folder, string begin, string end)
    {
        var files = DataFolder.Files(spec, folder, name => name.StartsWith(begin, StringComparison.Ordinal)
            && DataFolder.WithoutGz(name).EndsWith(end, StringComparison.Ordinal));
        return files.Count switch
        {
            0 => null,
            1 => files[0],
            _ => throw DataFolder.Ambiguous(spec, files),
        };
    }

    /// <summary>The labels of <c>t10k-images-idx3-ubyte.gz</c> are in <c>t10k-labels-idx1-ubyte</c> or the same with <c>.gz</c>.</summary>
    private static string? LabelsBeside(string images)
    {
        var name = DataFolder.WithoutGz(Path.GetFileName(images));
        var labels = name.Replace("images", "labels", StringComparison.Ordinal).Replace(ImagesEnd, LabelsEnd, StringComparison.Ordinal);
        if (labels == name) return null;
        var beside = Path.Combine(Path.GetDirectoryName(images) ?? "", labels);
        return File.Exists(beside) ? beside : File.Exists(beside + ".gz") ? beside + ".gz" : null;
    }

    private static RawRecords Read(string imagesPath, string? labelsPath)
    {
        var (dimensions, images) = IdxFile.Read(imagesPath, 3);
        ReadOnlySpan<int> shape = [1, dimensions[1], dimensions[2]];
        if (labelsPath is null) return new RawRecords(images, dimensions[0], shape);
        var (counts, bytes) = IdxFile.Read(labelsPath, 1);
        if (counts[0] != dimensions[0])
            throw new UserErrorException($"{labelsPath}: {counts[0]} labels for the {dimensions[0]} images of {imagesPath}; the files do not belong together");
        var labels = Array.ConvertAll(bytes, label => (int)label);
        return new RawRecords(images, dimensions[0], shape, labels, labels.Max() + 1);
    }
}
