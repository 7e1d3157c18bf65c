using Subbyte.Costs;
using Subbyte.Formats;
using Subbyte.Lowering;

namespace Subbyte.Methods.TermSerial;

/// <summary>
/// What a layer costs on a machine that works term by term, counted from real activations (one-hot networks, section 6). Energy is a model of our own:
/// an exponent addition and a count for each term pair, an addition of 32 bits for each group of lanes and result.
/// </summary>
internal abstract class TermSerialCost : ICostModel
{
    private readonly byte[] _termsOfCode;
    private readonly int _lowest;

    protected TermSerialCost(DotProductLayer layer, WeightCodes weights, IActivationQuantizer input, TermSerialOptions options)
    {
        (Layer, Weights, Input) = (layer, weights, input);
        Groups = new LaneGroups(layer, options.Lanes, options.Rows * options.Tiles, options.Windows);
        var largest = Math.Max(input.Range.Highest - input.ZeroPoint, input.ZeroPoint - input.Range.Lowest);
        Table = new SignedDigitTable(options.Encoding, Math.Max(largest, weights.Single.Range.Magnitude));
        _lowest = input.Range.Lowest;
        _termsOfCode = [.. Enumerable.Range(input.Range.Lowest, (int)input.Range.Count).Select(code => (byte)Table.Count(Math.Abs(code - input.ZeroPoint)))];
        WeightTerms = [.. weights.Single.Codes.Select(code => (byte)Table.Count(Math.Abs((int)code)))];
    }

    public bool NeedsRows => true;

    protected DotProductLayer Layer { get; }

    protected WeightCodes Weights { get; }

    protected IActivationQuantizer Input { get; }

    /// <summary>How the layer is cut into groups of work.</summary>
    public LaneGroups Tile => Groups;

    protected LaneGroups Groups { get; }

    protected SignedDigitTable Table { get; }

    /// <summary>Terms of each weight [outputs][depth].</summary>
    protected byte[] WeightTerms { get; }

    public abstract ICostCounter Start();

    /// <summary>Terms of base codes.</summary>
    protected void Terms(ReadOnlySpan<short> codes, Span<byte> terms)
    {
        for (var k = 0; k < codes.Length; k++) terms[k] = _termsOfCode[codes[k] - _lowest];
    }

    protected LayerCost Cost(double cycles, string work, double amount) => new()
    {
        Macs = Layer.Macs,
        Operations = new Dictionary<string, double>(StringComparer.Ordinal) { [work] = amount, ["groupsOfWork"] = Groups.Count },
        Cycles = cycles,
        EnergyPicojoules = (amount * 2 * EnergyTable.Default.AddInt8) + ((double)Groups.Bricks * Layer.Positions * Layer.Outputs * EnergyTable.Default.AddInt32) + EnergyTable.Default.WeightTraffic(Weights.StorageBits),
        WeightStorageBits = Weights.StorageBits,
        Weights = (double)Layer.Outputs * Layer.Depth,
        ActivationBits = Input.Bits,
    };
}

/// <summary>Laconic: term pairs of both operands.</summary>
internal sealed class LaconicCost : TermSerialCost
{
    private readonly byte[][] _filterMaxima;
    private readonly long[] _termSums;

    public LaconicCost(DotProductLayer layer, WeightCodes weights, IActivationQuantizer input, LaconicOptions options)
        : base(layer, weights, input, options)
    {
        var length = Groups.OutputsPerGroup * layer.Depth;
        _filterMaxima = [.. Enumerable.Range(0, layer.Groups).Select(group => LaconicCycles.FilterMaxima(Groups, WeightTerms.AsSpan(group * length, length)))];
        _termSums = new long[layer.Groups * layer.Depth];
        for (var i = 0; i < WeightTerms.Length; i++) _termSums[(i / length * layer.Depth) + (i % layer.Depth)] += WeightTerms[i];
    }

    public override ICostCounter Start() => new Counter(this);

    private sealed class Counter(LaconicCost cost) : ICostCounter
    {
        private long _cycles;
        private long _pairs;

        public void Observe(ReadOnlySpan<short> rows, int group)
        {
            var depth = cost.Layer.Depth;
            Span<byte> terms = new byte[depth], maxima = new byte[depth];
            var sums = cost._termSums.AsSpan(group * depth, depth);
            var positions = rows.Length / depth;
            for (var first = 0; first < positions; first += cost.Groups.Windows)
            {
                maxima.Clear();
                for (var row = first; row < Math.Min(positions, first + cost.Groups.Windows); row++)
                {
                    cost.Terms(rows.Slice(row * depth, depth), terms);
                    LaconicCycles.Maximize(terms, maxima);
                    for (var k = 0; k < depth; k++) _pairs += terms[k] * sums[k];
                }

                _cycles += LaconicCycles.Of(cost.Groups, cost._filterMaxima[group], maxima);
            }
        }

        public LayerCost Count(int samples) => cost.Cost(_cycles / (double)Math.Max(1, samples), "termPairs", _pairs / (double)Math.Max(1, samples));
    }
}

/// <summary>Bit-Pragmatic: terms of the activations.</summary>
internal sealed class BitPragmaticCost : TermSerialCost
{
    private readonly uint[] _exponentsOfCode;
    private readonly int _firstStage;

    public BitPragmaticCost(DotProductLayer layer, WeightCodes weights, IActivationQuantizer input, BitPragmaticOptions options)
        : base(layer, weights, input, options)
    {
        _firstStage = options.FirstStage;
        _exponentsOfCode = new uint[Table.Maximum + 1];
        for (var magnitude = 0; magnitude < _exponentsOfCode.Length; magnitude++)
        {
            foreach (var term in Table.Terms(magnitude)) _exponentsOfCode[magnitude] |= 1u << term.Exponent;
        }
    }

    public override ICostCounter Start() => new Counter(this);

    private sealed class Counter(BitPragmaticCost cost) : ICostCounter
    {
        private long _cycles;
        private long _terms;

        public void Observe(ReadOnlySpan<short> rows, int group)
        {
            var depth = cost.Layer.Depth;
            var positions = rows.Length / depth;
            Span<uint> lanes = new uint[depth];
            for (var first = 0; first < positions; first += cost.Groups.Windows)
            {
                for (var brick = 0; brick < cost.Groups.Bricks; brick++)
                {
                    var (start, length) = cost.Groups.Brick(brick);
                    var longest = 1;
                    for (var row = first; row < Math.Min(positions, first + cost.Groups.Windows); row++)
                    {
                        for (var k = 0; k < length; k++)
                        {
                            lanes[k] = cost._exponentsOfCode[Math.Abs(rows[(row * depth) + start + k] - cost.Input.ZeroPoint)];
                            _terms += System.Numerics.BitOperations.PopCount(lanes[k]);
                        }

                        longest = Math.Max(longest, BitPragmaticCycles.Of(lanes[..length], cost._firstStage));
                    }

                    _cycles += (long)longest * cost.Groups.FilterBlocks;
                }
            }
        }

        public LayerCost Count(int samples)
            => cost.Cost(_cycles / (double)Math.Max(1, samples), "termPairs", _terms / (double)Math.Max(1, samples) * cost.Groups.OutputsPerGroup);
    }
}
