using Subbyte.Kernels;
using Subbyte.Methods.Zap;
using Subbyte.Prediction;

namespace Subbyte.Tests.Methods.Zap;

/// <summary>The specification's vectors, the gradients of the predictors' training, and the choice of thresholds.</summary>
public sealed class ZapTests
{
    private static readonly MapShape Four = new(1, 4, 4);

    // ReLU of map A.
    private static readonly float[] Map = [0, 2, 3, 0, 5, 0, 7, 8, 0, 0, 0, 4, 0, 0, 5, 0];

    [Fact]
    public void Masks_follow_the_vectors_and_types_below_three_are_complements()
    {
        foreach (var row in VectorTable.Read("Methods/Zap/masks.vectors.txt"))
        {
            MaskPattern.Of(row.Integer("type"), new MapShape(1, 7, 7)).Count(computed => computed).ShouldBe(row.Integer("on7"));
            MaskPattern.Of(row.Integer("type"), new MapShape(1, 8, 8)).Count(computed => computed).ShouldBe(row.Integer("on8"));
        }

        foreach (var (type, complement) in new[] { (8, 2), (9, 1), (10, 0), (6, 4), (7, 3) })
            MaskPattern.Of(type, new MapShape(1, 30, 30)).Count(computed => computed).ShouldBe(900 - MaskPattern.Of(complement, new MapShape(1, 30, 30)).Count(computed => computed));
    }

    [Fact]
    public void The_predictor_of_the_vectors_gives_their_predictions()
    {
        var (hidden, prediction) = (new float[32], new float[16]);
        VectorPredictor().Predict(Map, hidden, prediction);
        hidden.AsSpan(16).ToArray().ShouldBe([0, 0, 0.8f, 0.8f, 0, 0, 0.8f, 0.8f, 0, 0, 0.5f, 0.5f, 0, 0, 0, 0], 1e-5);
        prediction.ShouldBe([-0.2f, -0.1f, 0.4f, 0.4f, -0.2f, -0.1f, 0.4625f, 0.4625f, -0.2f, -0.1375f, 0.2125f, 0.2125f, -0.2f, -0.2f, -0.1375f, -0.1375f], 1e-5);
    }

    [Fact]
    public void Thresholds_skip_and_lose_what_the_vectors_say()
    {
        var before = -1;
        foreach (var row in VectorTable.Read("Methods/Zap/thresholds.vectors.txt"))
        {
            var keep = new uint[16];
            new ZapMask(VectorPredictor(), row.Float("threshold")).Decide(Map, keep);
            var y = Map.Zip(keep, (value, kept) => kept == 0 ? 0 : value).ToArray();
            keep.Count(kept => kept == 0).ShouldBe(row.Integer("skipped"), row.ToString());
            y.ShouldBe(row.Floats("y"), row.ToString());
            (1 - (y.Sum() / Map.Sum())).ShouldBe((float)row.Number("lost"), 1e-5f);
            row.Integer("skipped").ShouldBeGreaterThanOrEqualTo(before);
            before = row.Integer("skipped");
        }

        var all = new uint[16];
        new ZapMask(VectorPredictor(), float.NegativeInfinity).Decide(Map, all);
        all.ShouldAllBe(kept => kept != 0, "a threshold of −∞ is the network as it was");
    }

    [Fact]
    public void Training_reduces_the_loss()
    {
        var (maps, samples) = Maps(new MapShape(3, 6, 5), 8);
        var predictor = Drawn(new MapShape(3, 6, 5), 5);
        var training = new ZapTraining(predictor, 0.01);
        double first = 0, last = 0;
        for (var step = 0; step < 200; step++)
        {
            last = training.Step(maps, samples);
            if (step == 0) first = last;
        }

        last.ShouldBeLessThan(0.8 * first);
    }

    [Fact]
    public void One_step_moves_every_number_against_the_finite_difference_of_the_loss()
    {
        var shape = new MapShape(2, 5, 5);
        var (maps, samples) = Maps(shape, 4);
        const float rate = 1e-3f;
        var before = Drawn(shape, 3).Values.ToArray();
        var moved = Drawn(shape, 3);
        new ZapTraining(moved, rate).Step(maps, samples);
        var checkedNumbers = 0;
        for (var i = 0; i < before.Length; i++)
        {
            var derivative = (Loss(i, 1e-3f) - Loss(i, -1e-3f)) / 2e-3;
            if (Math.Abs(derivative) < 1e-3) continue;

            // Adam's first step is the rate, against the gradient's sign.
            (moved.Values[i] - before[i]).ShouldBe(-rate * Math.Sign(derivative), rate * 0.02f, $"number {i}");
            checkedNumbers++;
        }

        checkedNumbers.ShouldBeGreaterThan(15);

        double Loss(int number, float step)
        {
            var predictor = Drawn(shape, 3);
            predictor.Values[number] += step;
            return new ZapTraining(predictor, 0).Step(maps, samples);
        }
    }

    [Fact]
    public void The_optimizer_finds_the_minimum_of_the_convex_toy()
    {
        // Two layers of 100 and 50 MACs, kept share 1 − t, lost mass t²/2: the minimum lies at t = (0.632456, 0.316228), 70.943058.
        double[] grid = [.. Enumerable.Range(0, 10_001).Select(i => i / 10_000.0)];
        ThresholdCurve Curve(double macs) => new([.. grid.Select(t => macs * (1 - t))], [.. grid.Select(t => t * t / 2)]);
        var chosen = OperatingPoint.Choose([Curve(100), Curve(50)], 0.25);
        grid[chosen[0]].ShouldBe(0.632456, 2e-4);
        grid[chosen[1]].ShouldBe(0.316228, 2e-4);
        ((100 * (1 - grid[chosen[0]])) + (50 * (1 - grid[chosen[1]]))).ShouldBe(70.943058, 0.02);
        OperatingPoint.Choose([Curve(100)], 0).ShouldBe([0]);
        OperatingPoint.Choose([Curve(100), Curve(50)], 2).ShouldBe([10_000, 10_000], "everything may be lost");
    }

    /// <summary>DW1 all 0.1 with bias −0.3; DW2 0.5 in the centre, 0.125 beside it, bias −0.2; batch norms the identity.</summary>
    private static ZapPredictor VectorPredictor()
    {
        var predictor = new ZapPredictor(Four, MaskPattern.Of(5, Four));
        predictor.Weights(0).Fill(0.1f);
        new[] { 0, 0.125f, 0, 0.125f, 0.5f, 0.125f, 0, 0.125f, 0 }.CopyTo(predictor.Weights(1));
        predictor.Values[9] = -0.3f;
        predictor.Values[12 + 9] = -0.2f;

        // The identity: variance 1 − ε.
        (predictor.Running[1], predictor.Running[3]) = (1 - 1e-5f, 1 - 1e-5f);
        return predictor;
    }

    private static ZapPredictor Drawn(MapShape shape, ulong seed)
    {
        var predictor = new ZapPredictor(shape, MaskPattern.Of(5, shape));
        predictor.Draw(new SeededRandom(seed));
        return predictor;
    }

    /// <summary>Maps after a ReLU whose zeros cluster.</summary>
    private static (float[] Maps, int Samples) Maps(MapShape shape, int samples)
    {
        var random = new SeededRandom(6);
        var maps = new float[samples * shape.Length];
        for (var i = 0; i < maps.Length; i++)
            maps[i] = (float)Math.Max(0, Math.Sin((i / shape.Channels % shape.Positions / shape.Width) + (i / shape.Length)) + (0.5 * random.NextGaussian()));
        return (maps, samples);
    }
}
