using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>A product that hands codes over to the steps behind it, tile by tile, while the results are in the first cache.</summary>
/// <param name="source">The product, with the steps that were taken into it.</param>
/// <param name="keepsFloats">Whether something else reads its results.</param>
/// <param name="outputs">The codes.</param>
internal sealed class CodingStep(PackedStep source, bool keepsFloats, IReadOnlyList<CodeOutput> outputs) : PackedStep(source.Name, source.Inputs, source.Output)
{
    private readonly CodeOutput[] _outputs = [.. outputs];
    private readonly ISumTiles? _sums = !keepsFloats && outputs.All(output => output.Thresholds is not null) ? (source as FusedStep)?.Product as ISumTiles ?? source as ISumTiles : null;

    public override string Description => source.Description + (_sums is null ? " → codes" : " → thresholds");

    public override long Macs => source.Macs;

    public override long Weights => source.Weights;

    public override long Biases => source.Biases;

    public override long WeightBits => source.WeightBits;

    public override ProductKernel? Kernel => source.Kernel;

    internal override StepKind Kind => throw new NotSupportedException("codes are handed over in a session, not in files");

    internal override IEnumerable<int> Makes => _outputs.Select(output => output.Map).Concat(keepsFloats ? [Output] : []);

    internal override long SharedBytes => source.SharedBytes;

    internal override long WorkerBytes => source.WorkerBytes + (_sums is null ? 2 * BlockBytes : 0);

    internal override int Tiles => source.Tiles;

    private long BlockBytes => SessionFrame.Bytes<float>(source.ElementsOf(0).Count);

    internal override void Prepare(SessionFrame frame) => source.Prepare(frame);

    internal override void RunTile(SessionFrame frame, int tile, int worker)
    {
        var (first, count) = source.ElementsOf(tile);
        if (_sums is not null)
        {
            var sums = _sums.Sum(tile, frame.Shared, frame.Worker(worker));
            foreach (var output in _outputs) output.Write(frame, first, sums);
            return;
        }

        var memory = MemoryMarshal.Cast<byte, float>(frame.Worker(worker)[(int)source.WorkerBytes..]);
        var block = keepsFloats ? frame.Value(Output).Slice(first, count) : memory[..count];
        source.RunBlock(frame, tile, worker, block);
        foreach (var output in _outputs) output.Write(frame, first, block, memory[(int)(BlockBytes / sizeof(float))..]);
    }

    internal override void Write(PackedWriter writer) => throw new NotSupportedException("codes are handed over in a session, not in files");
}
