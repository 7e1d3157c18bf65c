using System.Numerics;
using Subbyte.Costs;
using Subbyte.Lowering;

namespace Subbyte.Methods.Fpec;

/// <summary>
/// What a layer costs on compensated processing elements (sections 3.6 and 6), one multiplication a cycle, counted output by output from data.
/// </summary>
/// <remarks>
/// Operations of one sample: <c>macs.NxM</c>, <c>bitOperations</c>, <c>compensations</c> (additions, of which <c>compensations.activations</c> and
/// <c>compensations.weights</c>), <c>outputs.stalled</c> (whose compensations take longer than their multiplications), <c>cycles.longest</c> (of any output), and the energies of
/// <see cref="FpecEnergy"/> beside the paper's baselines: <c>picojoules.fpec</c>, <c>picojoules.fxp8</c>, <c>picojoules.fxp16</c> and, in units of
/// its own, <c>calibrated.fpec</c>, <c>calibrated.fxp8</c>, <c>calibrated.fxp16</c>. Without data every word counts as compensated.
/// The energy that methods are compared by charges multiplications as for every method, and the compensations by their width.
/// </remarks>
public sealed class FpecCost : ICostModel
{
    private const int WordBits = 64;

    private readonly DotProductLayer _layer;
    private readonly FpecOptions _options;
    private readonly FpecActivations _input;
    private readonly FpecFormat _weightFormat;
    private readonly double _weightStorageBits;
    private readonly ulong[] _codeMasks;
    private readonly ulong[] _errorMasks;

    /// <summary>The cost of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="options">Options of the processing element.</param>
    /// <param name="input">Its activations.</param>
    /// <param name="weightFormat">Format of its weights.</param>
    /// <param name="weights">Its weights: codes and, where compensated, error codes.</param>
    public FpecCost(DotProductLayer layer, FpecOptions options, FpecActivations input, FpecFormat weightFormat, WeightCodes weights)
    {
        _layer = layer;
        _options = options;
        _input = input;
        _weightFormat = weightFormat;
        _weightStorageBits = weights.StorageBits;
        _codeMasks = Masks(weights.Planes[0].Codes);
        _errorMasks = weights.Planes.Count > 1 ? Masks(weights.Planes[1].Codes) : new ulong[_codeMasks.Length];
    }

    /// <inheritdoc/>
    public bool NeedsRows => true;

    /// <summary>The layer.</summary>
    internal DotProductLayer Layer => _layer;

    /// <summary>Whether additions wait for one adder while every product takes its cycle: how long then depends on their order.</summary>
    internal bool Queues => _options is { Adders: 1, SkipZeros: false };

    /// <summary>Words of a mask of a dot product's terms.</summary>
    internal int MaskLength => (_layer.Depth + WordBits - 1) / WordBits;

    /// <inheritdoc/>
    public ICostCounter Start() => new Counter(this);

    /// <summary>Terms of an output whose weight has a code that is not zero.</summary>
    /// <param name="output">Output channel.</param>
    /// <returns>One bit a term.</returns>
    internal ReadOnlySpan<ulong> CodeMask(int output) => _codeMasks.AsSpan(output * MaskLength, MaskLength);

    /// <summary>Terms of an output whose weight has an error code that is not zero.</summary>
    /// <param name="output">Output channel.</param>
    /// <returns>One bit a term.</returns>
    internal ReadOnlySpan<ulong> ErrorMask(int output) => _errorMasks.AsSpan(output * MaskLength, MaskLength);

    /// <summary>Finds the terms of a patch row whose codes and whose error codes are not zero.</summary>
    /// <param name="row">Base codes [depth].</param>
    /// <param name="codes">Receives one bit a term.</param>
    /// <param name="errors">Receives one bit a term.</param>
    /// <returns>Number of codes that are not zero.</returns>
    internal int Mask(ReadOnlySpan<short> row, Span<ulong> codes, Span<ulong> errors)
    {
        codes.Clear();
        errors.Clear();
        var nonZero = 0;
        for (var k = 0; k < row.Length; k++)
        {
            var word = _input.Word(row[k]);
            var bit = 1UL << (k % WordBits);
            if (word.Error != 0) errors[k / WordBits] |= bit;
            if (word.Code == 0) continue;
            codes[k / WordBits] |= bit;
            nonZero++;
        }

        return nonZero;
    }

    private ulong[] Masks(short[] codes)
    {
        var masks = new ulong[_layer.Outputs * MaskLength];
        for (var m = 0; m < _layer.Outputs; m++)
        {
            for (var k = 0; k < _layer.Depth; k++)
            {
                if (codes[(m * _layer.Depth) + k] != 0) masks[(m * MaskLength) + (k / WordBits)] |= 1UL << (k % WordBits);
            }
        }

        return masks;
    }

    private LayerCost Cost(Counts counts)
    {
        double macs = _layer.Macs;
        var (x, w) = (_input.Format.ComputationBits, _weightFormat.ComputationBits);
        var carry = FpecEnergy.CarryBits(_layer.Depth);
        var outputs = (double)_layer.Positions * _layer.Outputs;
        var final = outputs * 2 * FpecEnergy.Add(x + w + carry);
        var (shareX, shareW) = (counts.ActivationCompensations / macs, counts.WeightCompensations / macs);
        var compensation = (counts.ActivationCompensations * FpecEnergy.Add(w + carry)) + (counts.WeightCompensations * FpecEnergy.Add(x + carry)) + final;
        return new LayerCost
        {
            Macs = macs,
            Operations = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                [$"macs.{w}x{x}"] = macs,
                ["bitOperations"] = macs * w * x,
                ["compensations"] = counts.ActivationCompensations + counts.WeightCompensations,
                ["compensations.activations"] = counts.ActivationCompensations,
                ["compensations.weights"] = counts.WeightCompensations,
                ["outputs.stalled"] = counts.Stalled,
                ["cycles.longest"] = counts.Longest,
                ["picojoules.fpec"] = (macs * FpecEnergy.Term(x, w, _layer.Depth, shareX, shareW)) + final,
                ["picojoules.fxp8"] = macs * FpecEnergy.Term(8, 8, _layer.Depth),
                ["picojoules.fxp16"] = macs * FpecEnergy.Term(16, 16, _layer.Depth),
                ["calibrated.fpec"] = macs * FpecEnergy.CalibratedTerm(Math.Sqrt((double)x * w), _layer.Depth, shareX + shareW),
                ["calibrated.fxp8"] = macs * FpecEnergy.CalibratedTerm(8, _layer.Depth),
                ["calibrated.fxp16"] = macs * FpecEnergy.CalibratedTerm(16, _layer.Depth),
            },
            Cycles = counts.Cycles,
            EnergyPicojoules = (macs * EnergyTable.Default.MultiplyAccumulate(w, x)) + compensation + EnergyTable.Default.WeightTraffic(_weightStorageBits),
            WeightStorageBits = _weightStorageBits,
            Weights = (double)_layer.Outputs * _layer.Depth,
            ActivationBits = _input.Bits,
        };
    }

    /// <summary>The bound without data: every activation has a code and an error.</summary>
    private Counts Bound()
    {
        var counts = new Counts();
        var full = new ulong[MaskLength];
        for (var k = 0; k < _layer.Depth; k++) full[k / WordBits] |= 1UL << (k % WordBits);
        var errors = _input.Format.IsCompensated ? full : new ulong[MaskLength];
        for (var m = 0; m < _layer.Outputs; m++) Add(counts, full, errors, _layer.Depth, m);
        return counts.Times(_layer.Positions);
    }

    private void Add(Counts counts, ReadOnlySpan<ulong> codes, ReadOnlySpan<ulong> errors, int multiplications, int output)
    {
        int x = 0, w = 0;
        var offset = output * MaskLength;
        for (var i = 0; i < codes.Length; i++)
        {
            x += BitOperations.PopCount(errors[i] & _codeMasks[offset + i]);
            w += BitOperations.PopCount(codes[i] & _errorMasks[offset + i]);
        }

        var cycles = FpecProcessingElement.Cycles(multiplications, x + w, _options.Adders);
        counts.ActivationCompensations += x;
        counts.WeightCompensations += w;
        counts.Cycles += cycles;
        counts.Longest = Math.Max(counts.Longest, cycles);
        if (cycles > FpecProcessingElement.Cycles(multiplications, 0, _options.Adders)) counts.Stalled++;
    }

    /// <summary>Sums over outputs.</summary>
    private sealed class Counts
    {
        public double ActivationCompensations { get; set; }

        public double WeightCompensations { get; set; }

        public double Cycles { get; set; }

        public double Stalled { get; set; }

        public double Longest { get; set; }

        public Counts Times(double factor) => new()
        {
            ActivationCompensations = ActivationCompensations * factor,
            WeightCompensations = WeightCompensations * factor,
            Cycles = Cycles * factor,
            Stalled = Stalled * factor,
            Longest = Longest,
        };
    }

    /// <summary>Meets the masks of each patch row with those of each output.</summary>
    private sealed class Counter(FpecCost cost) : ICostCounter
    {
        private readonly Counts _counts = new();
        private readonly ulong[] _codes = new ulong[cost.MaskLength];
        private readonly ulong[] _errors = new ulong[cost.MaskLength];

        public void Observe(ReadOnlySpan<short> rows, int group)
        {
            var depth = cost._layer.Depth;
            var outputs = cost._layer.Outputs / cost._layer.Groups;
            for (var start = 0; start < rows.Length; start += depth)
            {
                var nonZero = cost.Mask(rows.Slice(start, depth), _codes, _errors);
                var multiplications = cost._options.SkipZeros ? nonZero : depth;
                for (var m = group * outputs; m < (group + 1) * outputs; m++) cost.Add(_counts, _codes, _errors, multiplications, m);
            }
        }

        public LayerCost Count(int samples) => cost.Cost(samples == 0 ? cost.Bound() : _counts.Times(1.0 / samples));
    }
}
