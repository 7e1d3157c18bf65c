using Subbyte.Costs;
using Subbyte.Lowering;

namespace Subbyte.Methods.Training;

/// <summary>
/// Cost of binary, ternary and multi-level words: a product takes as many digit products as both operands have levels; those with a zero digit are
/// ineffectual, and so are words of zeros. Counted as <c>Σk (Σm nnz(W[m,k]))·(Σn nnz(a[n,k]))</c>; pairs and weights leave out positions in zero padding, the layer's MACs do not.
/// </summary>
internal sealed class DigitCost : ICostModel
{
    private readonly DotProductLayer _layer;
    private readonly WeightCodes _weights;
    private readonly double _activationBits;
    private readonly CodeRange _range;
    private readonly byte[] _digitsOfCode;
    private readonly int _activationLevels;
    private readonly int[] _digits;
    private readonly int[] _words;

    /// <summary>The cost of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="weights">Its weights, one plane a level.</param>
    /// <param name="input">Its activation quantizer.</param>
    /// <param name="codes">Each digit of an activation.</param>
    public DigitCost(DotProductLayer layer, WeightCodes weights, IActivationQuantizer input, IReadOnlyList<TableCode> codes)
    {
        (_layer, _weights, _activationBits, _range, _activationLevels) = (layer, weights, input.Bits, input.Range, codes.Count);
        _digitsOfCode = [.. Enumerable.Range(0, input.Range.Count).Select(i => (byte)codes.Count(code => code.Table[i] != 0))];
        _digits = new int[layer.Groups * layer.Depth];
        _words = new int[layer.Groups * layer.Depth];
        var outputs = layer.Outputs / layer.Groups;
        for (var m = 0; m < layer.Outputs; m++)
        {
            for (var k = 0; k < layer.Depth; k++)
            {
                var digits = weights.Planes.Count(plane => plane.Codes[(m * layer.Depth) + k] != 0);
                _digits[(m / outputs * layer.Depth) + k] += digits;
                if (digits > 0) _words[(m / outputs * layer.Depth) + k]++;
            }
        }
    }

    /// <inheritdoc/>
    public bool NeedsRows => true;

    /// <inheritdoc/>
    public ICostCounter Start() => new Counter(this);

    private LayerCost Count(double digitPairs, double wordPairs, double activationDigits, double activationWords)
    {
        double macs = _layer.Macs;
        var levels = _weights.Planes.Count * _activationLevels;
        double Inside(int[] counts) => counts.Select((count, i) => (double)count * _layer.ProductsInside(i % _layer.Depth)).Sum();
        var wordPairsInside = Enumerable.Range(0, _layer.Depth).Sum(k => (double)_layer.ProductsInside(k)) * _layer.Outputs;
        return new LayerCost
        {
            Macs = macs,
            Operations = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                [$"macs.{_weights.Planes.Sum(plane => plane.Bits)}x{_activationBits:0.##}"] = macs,
                ["wordPairs"] = wordPairsInside,
                ["digitPairs"] = wordPairsInside * levels,
                ["effectualDigitPairs"] = digitPairs,
                ["effectualWordPairs"] = wordPairs,
                ["weightDigits"] = Inside(_digits),
                ["weightWords"] = Inside(_words),
                ["activationDigits"] = activationDigits * (_layer.Outputs / _layer.Groups),
                ["activationWords"] = activationWords * (_layer.Outputs / _layer.Groups),
            },
            Cycles = macs * levels,
            EnergyPicojoules = (macs * levels * EnergyTable.Default.MultiplyAccumulate(_weights.Planes.Average(plane => plane.Bits), Math.Max(1, _activationBits / _activationLevels)))
                + EnergyTable.Default.WeightTraffic(_weights.StorageBits),
            WeightStorageBits = _weights.StorageBits,
            Weights = (double)_layer.Outputs * _layer.Depth,
            ActivationBits = _activationBits,
        };
    }

    private sealed class Counter(DigitCost cost) : ICostCounter
    {
        private long _digitPairs;
        private long _wordPairs;
        private long _digits;
        private long _words;

        public void Observe(ReadOnlySpan<short> rows, int group)
        {
            var depth = cost._layer.Depth;
            for (var i = 0; i < rows.Length; i++)
            {
                var digits = cost._digitsOfCode[rows[i] - cost._range.Lowest];
                if (digits == 0) continue;
                var k = (group * depth) + (i % depth);
                _digitPairs += (long)digits * cost._digits[k];
                _wordPairs += cost._words[k];
                _digits += digits;
                _words++;
            }
        }

        public LayerCost Count(int samples)
        {
            var share = 1.0 / Math.Max(1, samples);
            return cost.Count(_digitPairs * share, _wordPairs * share, _digits * share, _words * share);
        }
    }
}
