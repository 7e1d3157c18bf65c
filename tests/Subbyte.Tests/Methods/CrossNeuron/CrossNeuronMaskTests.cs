using Subbyte.Kernels;
using Subbyte.Methods.CrossNeuron;
using Subbyte.Prediction;
using Subbyte.Tests.Kernels;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Methods.CrossNeuron;

/// <summary>Cross-neuron prediction: vectors and invariants of the specification, and the mask against the rule value by value.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class CrossNeuronMaskTests
{
    private static readonly AnchorPattern[] Patterns = Enum.GetValues<AnchorPattern>();

    [Fact]
    public void Windows_are_skipped_as_the_specification_says()
    {
        var maps = VectorTable.Read("Methods/CrossNeuron/maps.vectors.txt").ToDictionary(row => row["map"]);
        foreach (var row in VectorTable.Read("Methods/CrossNeuron/windows.vectors.txt"))
        {
            var map = maps[row["map"]];
            var (height, width) = (map.Integer("height"), map.Integer("width"));
            float[] values = [.. map.Floats("values").Select(value => Math.Max(0, value))];
            var mask = new CrossNeuronMask(new MapShape(1, height, width), row.Integer("k"), row.Number("T"), AnchorPattern.Diagonal);
            var keep = Keep(mask, values);
            var skipped = Enumerable.Range(0, values.Length).Where(i => keep[i] == 0).ToArray();
            Masked(values, keep).ShouldBe(row.Floats("result"), $"{row}");
            skipped.Length.ShouldBe(row.Integer("skipped"), $"{row}");
            skipped.Count(i => values[i] == 0).ShouldBe(row.Integer("zero"), $"{row}");
            skipped.Count(i => values[i] != 0).ShouldBe(row.Integer("wrong"), $"{row}");
            (values.Length - skipped.Length).ShouldBe(row.Integer("computed"), $"{row}");
            Reference(values, mask.Shape, row.Integer("k"), row.Float("T"), AnchorPattern.Diagonal, out var computed).ShouldBe(row.Floats("result"), $"{row}");
            computed.ShouldBe(row.Integer("computed"), $"{row}: what is skipped is never asked for");
        }
    }

    [Fact]
    public void The_mask_gives_the_bits_of_the_rule_on_every_instruction_set()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            var shape = new MapShape(random.Next(1, 21), random.Next(1, 12), random.Next(1, 12));
            var (side, threshold, pattern) = (random.Next(2, 9), random.Next(2) * random.NextSingle(), Patterns[random.Next(Patterns.Length)]);
            var map = random.Gaussians(shape.Length, isNonNegative: true);
            if (seed % 10 == 0) map[random.Next(map.Length)] = float.NaN;
            if (seed % 10 == 1) map[random.Next(map.Length)] = threshold;
            var expected = Reference(map, shape, side, threshold, pattern, out var computed);
            var mask = new CrossNeuronMask(shape, side, threshold, pattern);
            InstructionSets.ForEach(set =>
            {
                var keep = Keep(mask, map);
                var masked = Masked(map, keep);
                for (var i = 0; i < masked.Length; i++) BitConverter.SingleToInt32Bits(masked[i]).ShouldBe(BitConverter.SingleToInt32Bits(expected[i]), $"seed {seed}, {set}, element {i}");
                keep.Count(bits => bits != 0).ShouldBe(computed, $"seed {seed}, {set}");
                keep.ShouldAllBe(bits => bits == 0 || bits == uint.MaxValue);
            });
        }
    }

    [Fact]
    public void Skips_stay_below_their_bound_and_rise_with_the_threshold()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var shape = new MapShape(random.Next(1, 6), random.Next(1, 12), random.Next(1, 12));
            var side = random.Next(2, 6);
            var map = random.Gaussians(shape.Length, isNonNegative: true);
            var previous = new uint[shape.Length];
            Array.Fill(previous, uint.MaxValue);
            foreach (var threshold in new[] { 0, 0.1, 0.5, 2, double.PositiveInfinity })
            {
                var keep = Keep(new CrossNeuronMask(shape, side, threshold, AnchorPattern.Diagonal), map);
                keep.Count(bits => bits == 0).ShouldBeLessThanOrEqualTo((side - 1) * shape.Length / side);
                keep.Zip(previous).ShouldAllBe(pair => (pair.First & ~pair.Second) == 0, "a larger threshold keeps nothing that a smaller one skips");
                previous = keep;
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void All_zero_maps_skip_all_but_anchors_and_positive_maps_nothing(int side)
    {
        var shape = new MapShape(3, 2 * side, 3 * side);
        var mask = new CrossNeuronMask(shape, side, 0, AnchorPattern.Diagonal);
        Keep(mask, new float[shape.Length]).Count(bits => bits == 0).ShouldBe(shape.Length / side * (side - 1));
        Keep(mask, [.. Enumerable.Repeat(1e-30f, shape.Length)]).ShouldAllBe(bits => bits == uint.MaxValue);
    }

    [Fact]
    public void Border_windows_without_other_elements_are_computed()
        => Keep(new CrossNeuronMask(new MapShape(1, 3, 3), 2, 0, AnchorPattern.Diagonal), new float[9])
            .Select(bits => bits == 0 ? '.' : '1').ShouldBe("1.1.1.1.1");

    [Theory]
    [InlineData(AnchorPattern.Diagonal, "1...1...11")]
    [InlineData(AnchorPattern.AntiDiagonal, "..1.1.1..1")]
    [InlineData(AnchorPattern.Corner, "1........1")]
    [InlineData(AnchorPattern.Checkerboard, "1.1.1.1.11")]
    public void Anchors_lie_where_their_pattern_says(AnchorPattern pattern, string expected)
    {
        // One window of 3×3, then one of 1×1, which is an anchor in every pattern.
        var first = new AnchoredWindows(3, 3, 3, (row, column, _, columns) => pattern.Contains(row, column, columns)).Anchors;
        var second = new AnchoredWindows(1, 1, 3, (row, column, _, columns) => pattern.Contains(row, column, columns)).Anchors;
        first.Concat(second).Select(isAnchor => isAnchor ? '1' : '.').ShouldBe(expected);
    }

    [Fact]
    public void Spans_that_do_not_fit_are_refused()
    {
        var windows = new AnchoredWindows(4, 4, 2, (row, column, _, _) => row == column);
        Should.Throw<ArgumentException>(() => windows.Keep(new float[15], 1, 0, new uint[15]));
        Should.Throw<ArgumentException>(() => windows.Keep(new float[32], 2, 0, new uint[31]));
        Should.Throw<ArgumentOutOfRangeException>(() => new AnchoredWindows(4, 4, 0, (_, _, _, _) => true));
    }

    private static uint[] Keep(CrossNeuronMask mask, float[] map)
    {
        var keep = new uint[map.Length];
        mask.Decide(map, keep);
        return keep;
    }

    private static float[] Masked(float[] map, uint[] keep) => [.. map.Zip(keep, (value, bits) => bits == 0 ? 0 : value)];

    private static float[] Reference(float[] map, MapShape shape, int side, float threshold, AnchorPattern pattern, out int computed)
    {
        var result = new float[map.Length];
        var count = 0;
        for (var c = 0; c < shape.Channels; c++)
        {
            var channel = WindowPrediction.Compute(shape.Height, shape.Width, side, threshold, pattern, (row, column) =>
            {
                count++;
                return map[(((row * shape.Width) + column) * shape.Channels) + c];
            });
            for (var position = 0; position < channel.Length; position++) result[(position * shape.Channels) + c] = channel[position];
        }

        computed = count;
        return result;
    }
}
