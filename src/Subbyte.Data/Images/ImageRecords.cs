using System.Security.Cryptography;
using Subbyte.Networks;

namespace Subbyte.Data.Images;

/// <summary>Image files as records: each is read and decoded when it is asked for, and forgotten again.</summary>
internal sealed class ImageRecords : RecordStore
{
    private readonly ImageFolder _folder;
    private readonly ImageFit _fit;

    /// <summary>Creates the store.</summary>
    /// <param name="folder">The files and their labels.</param>
    /// <param name="fit">How a photo becomes a sample.</param>
    public ImageRecords(ImageFolder folder, ImageFit fit)
        : base(folder.Files.Count, [fit.Channels, fit.Height, fit.Width], folder.ClassCount) => (_folder, _fit) = (folder, fit);

    /// <inheritdoc/>
    public override RecordStore ForInput(ReadOnlySpan<int> inputShape, Preprocessing preprocessing) =>
        new ImageRecords(_folder, ImageFit.For(inputShape, preprocessing));

    /// <inheritdoc/>
    public override int Label(int index) => _folder.Labels![index];

    /// <inheritdoc/>
    public override string File(int index) => _folder.Files[index];

    /// <inheritdoc/>
    public override void Read(int index, Span<float> destination)
    {
        using var file = ImageFile.Read(_folder.Files[index]);
        using var image = file.Decode();
        ImageScaling.Apply(image, _fit, destination);
    }

    /// <inheritdoc/>
    public override void AppendTo(int index, IncrementalHash hash)
    {
        using var file = ImageFile.Read(_folder.Files[index]);
        hash.AppendData(file.Bytes);
    }
}
