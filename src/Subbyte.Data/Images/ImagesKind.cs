namespace Subbyte.Data.Images;

/// <summary>A folder of photos of any size, with or without labels; they are scaled and cut to the network's input.</summary>
internal sealed class ImagesKind : IDataKind
{
    /// <inheritdoc/>
    public string Name => "images";

    /// <inheritdoc/>
    public string Usage => "images:DIR|FILE";

    /// <inheritdoc/>
    public string Summary => "a folder of JPEG and PNG files, or one of them, with labels.csv (columns file and class) or without labels; scaled and cut to the network's input";

    /// <inheritdoc/>
    public DataSet Open(DataSpec spec)
    {
        spec.ExpectNoTrainSplit();
        return new DataSet(new ImageRecords(ImageFolder.Open(spec, spec.ResolvePath()), ImageFit.Usual), spec.Text, "all");
    }
}
