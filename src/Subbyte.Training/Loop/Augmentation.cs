using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>
/// What is done to images before a training step, each time anew: a shift (a crop of the image after padding), a mirror image.
/// It depends on the seed, the step and the sample's place in the batch alone. Immutable.
/// </summary>
public sealed record Augmentation
{
    /// <summary>Largest shift in pixels, up, down, left and right: the padding before a crop of the image's own size; 0 for none.</summary>
    public int Crop { get; init; }

    /// <summary>Whether half of the images are mirrored left to right.</summary>
    public bool Flip { get; init; }

    /// <summary>What an image is padded with, a number per channel of the network's input: what the preprocessing makes of black. Zeros when it is empty.</summary>
    public IReadOnlyList<float> Padding { get; init; } = [];

    /// <summary>Whether anything is done at all.</summary>
    public bool IsNone => Crop == 0 && !Flip;

    /// <summary>Refuses values out of range.</summary>
    /// <param name="shape">Shape of a sample.</param>
    /// <exception cref="UserErrorException">A value is out of range, or samples are not images.</exception>
    internal void Check(ReadOnlySpan<int> shape)
    {
        if (IsNone) return;
        if (shape.Length != 3) throw new UserErrorException($"samples of [{string.Join(",", shape.ToArray())}] are not images and cannot be cropped or flipped");
        if (Padding.Count > 0 && Padding.Count != shape[0]) throw new UserErrorException($"there are {Padding.Count} numbers to pad {shape[0]} channels with");
        if (Crop < 0 || Crop >= Math.Min(shape[1], shape[2])) throw new UserErrorException($"crop {Crop} must be at least 0 and smaller than an image of {shape[1]}×{shape[2]}");
    }

    /// <summary>Changes a sample.</summary>
    /// <param name="sample">The network's input [channel][row][column].</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="random">A sequence of the sample's own.</param>
    /// <param name="room">Memory for a copy.</param>
    internal void Apply(Span<float> sample, ReadOnlySpan<int> shape, SeededRandom random, Span<float> room)
    {
        var down = Crop == 0 ? 0 : random.Next((2 * Crop) + 1) - Crop;
        var right = Crop == 0 ? 0 : random.Next((2 * Crop) + 1) - Crop;
        var mirrored = Flip && random.Next(2) == 1;
        if (down == 0 && right == 0 && !mirrored) return;
        sample.CopyTo(room);
        var (height, width) = (shape[1], shape[2]);
        for (var line = 0; line < sample.Length / width; line++)
        {
            var (plane, row) = Math.DivRem(line, height);
            var target = sample.Slice(line * width, width);
            target.Fill(Padding.Count == 0 ? 0 : Padding[plane]);
            if (row - down < 0 || row - down >= height) continue;
            var source = room.Slice(((plane * height) + row - down) * width, width);
            var count = width - Math.Abs(right);
            source.Slice(Math.Max(0, -right), count).CopyTo(target[Math.Max(0, right)..]);
            if (mirrored) target.Reverse();
        }
    }
}
