using System.Numerics.Tensors;

namespace Subbyte.Training;

/// <summary>A gradient as one share per block of samples, summed in the order of the blocks.</summary>
/// <param name="gradient">Takes the sum.</param>
internal sealed class PartialGradient(float[] gradient)
{
    private const int TileLength = 4096;
    private float[] _shares = [];

    /// <summary>Parts that can be summed at once.</summary>
    public int Tiles { get; } = (gradient.Length + TileLength - 1) / TileLength;

    /// <summary>Takes memory for a batch.</summary>
    /// <param name="samples">Samples of the largest batch.</param>
    public void Allocate(int samples)
    {
        var length = checked(SampleBlock.CountOf(samples) * gradient.Length);
        if (_shares.Length < length) _shares = new float[length];
    }

    /// <summary>The share of a block.</summary>
    /// <param name="block">The block.</param>
    public Span<float> Of(SampleBlock block) => _shares.AsSpan(block.Index * gradient.Length, gradient.Length);

    /// <summary>Sums the shares of all blocks.</summary>
    /// <param name="tile">Which part of the parameter.</param>
    /// <param name="samples">Samples of the batch.</param>
    public void Sum(int tile, int samples)
    {
        var start = tile * TileLength;
        var sum = gradient.AsSpan(start, Math.Min(TileLength, gradient.Length - start));
        _shares.AsSpan(start, sum.Length).CopyTo(sum);
        for (var block = 1; block < SampleBlock.CountOf(samples); block++)
            TensorPrimitives.Add(sum, _shares.AsSpan((block * gradient.Length) + start, sum.Length), sum);
    }
}
