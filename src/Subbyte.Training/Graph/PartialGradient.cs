using System.Numerics.Tensors;

namespace Subbyte.Training;

/// <summary>A parameter's gradient as one share per block of samples, summed in the order of the blocks.</summary>
/// <param name="parameter">The parameter.</param>
internal sealed class PartialGradient(Parameter parameter)
{
    private const int TileLength = 4096;
    private float[] _shares = [];

    /// <summary>The parameter.</summary>
    public Parameter Parameter { get; } = parameter;

    /// <summary>Parts that can be summed at once.</summary>
    public int Tiles { get; } = (parameter.Length + TileLength - 1) / TileLength;

    /// <summary>Takes memory for a batch.</summary>
    /// <param name="samples">Samples of the largest batch.</param>
    public void Allocate(int samples)
    {
        var length = checked(SampleBlock.CountOf(samples) * Parameter.Length);
        if (_shares.Length < length) _shares = new float[length];
    }

    /// <summary>The share of a block.</summary>
    /// <param name="block">The block.</param>
    public Span<float> Of(SampleBlock block) => _shares.AsSpan(block.Index * Parameter.Length, Parameter.Length);

    /// <summary>Sums the shares of all blocks.</summary>
    /// <param name="tile">Which part of the parameter.</param>
    /// <param name="samples">Samples of the batch.</param>
    public void Sum(int tile, int samples)
    {
        var start = tile * TileLength;
        var sum = Parameter.Gradient.AsSpan(start, Math.Min(TileLength, Parameter.Length - start));
        _shares.AsSpan(start, sum.Length).CopyTo(sum);
        for (var block = 1; block < SampleBlock.CountOf(samples); block++)
            TensorPrimitives.Add(sum, _shares.AsSpan((block * Parameter.Length) + start, sum.Length), sum);
    }
}
