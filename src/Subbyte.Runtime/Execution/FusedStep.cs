using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>A product and the elementwise steps behind it, done tile by tile while the results are in the first cache.</summary>
/// <param name="product">The product, which writes what the last step makes.</param>
/// <param name="behind">The steps, in order, and what each reads beside the product, or −1.</param>
/// <param name="inputs">What the product and the steps read.</param>
internal sealed class FusedStep(PackedStep product, IReadOnlyList<(ITileStep Step, int Other)> behind, IReadOnlyList<int> inputs) : PackedStep(product.Name, inputs, product.Output)
{
    private readonly (ITileStep Step, int Other)[] _behind = [.. behind];

    public override string Description { get; } = string.Join(" + ", behind.Select(each => ((PackedStep)each.Step).Description).Prepend(product.Description));

    public override long Macs => product.Macs;

    public override long Weights => product.Weights;

    public override long Biases => product.Biases;

    public override long WeightBits => product.WeightBits;

    public override ProductKernel? Kernel => product.Kernel;

    internal override StepKind Kind => throw new NotSupportedException("steps are fused when a session begins, not in files");

    internal override long SharedBytes => product.SharedBytes;

    internal override long WorkerBytes => product.WorkerBytes;

    internal override int Tiles => product.Tiles;

    internal override int TileChannels => product.TileChannels;

    /// <summary>The product.</summary>
    public PackedStep Product => product;

    /// <summary>The steps behind it, where none reads anything else; otherwise null.</summary>
    public IReadOnlyList<ITileStep>? Behind => Array.TrueForAll(_behind, each => each.Other < 0) ? Array.ConvertAll(_behind, each => each.Step) : null;

    internal override (int First, int Count) ElementsOf(int tile) => product.ElementsOf(tile);

    internal override CodeForm? Form(int channels) => product.Form(channels);

    internal override PackedStep FromCodes(int codes, int channels) => new FusedStep(product.FromCodes(codes, channels), behind, [codes, .. Inputs.Skip(1)]);

    internal override void Prepare(SessionFrame frame) => product.Prepare(frame);

    internal override void RunTile(SessionFrame frame, int tile, int worker)
    {
        var (first, count) = product.ElementsOf(tile);
        RunBlock(frame, tile, worker, frame.Value(Output).Slice(first, count));
    }

    internal override void RunBlock(SessionFrame frame, int tile, int worker, Span<float> block)
    {
        product.RunBlock(frame, tile, worker, block);
        var (first, count) = product.ElementsOf(tile);
        foreach (var (step, other) in _behind) step.Apply(block, other < 0 ? default : frame.Value(other).Slice(first, count), block);
    }

    internal override void Write(PackedWriter writer) => throw new NotSupportedException("steps are fused when a session begins, not in files");
}

/// <summary>A step each of whose results depends on the elements at the same place, so that it can be done on part of a value.</summary>
internal interface ITileStep
{
    /// <summary>Channels whose parameters it has, innermost; 0 where all elements are treated alike.</summary>
    int Channels { get; }

    /// <summary>The value that it reads beside the one that it changes, or −1.</summary>
    /// <param name="changed">The value that it changes.</param>
    /// <returns>The other value.</returns>
    int Other(int changed);

    /// <summary>Whether the results of a channel ascend (1) or descend (−1) with what is changed, all parameters being finite; null where they do neither.</summary>
    /// <param name="channel">The channel.</param>
    /// <returns>The direction; 1 where the result is constant.</returns>
    int? Direction(int channel);

    /// <summary>Does a run of elements.</summary>
    /// <param name="block">The elements.</param>
    /// <param name="other">Those at the same place of what else it reads; empty where it reads nothing else.</param>
    /// <param name="result">Takes as many; it may be the block.</param>
    void Apply(ReadOnlySpan<float> block, ReadOnlySpan<float> other, Span<float> result);
}
