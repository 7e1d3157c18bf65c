using Subbyte.Calibration;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.Gptq;

public class GptqTests
{
    [Fact]
    public void It_rounds_as_the_definition_with_a_shrinking_inverse_does()
    {
        var random = new Random(61);
        var (rounded, different) = (0, 0);
        for (var repetition = 0; repetition < 300; repetition++)
        {
            var drawn = RandomLayer.Draw(random, rows: 50);
            var layer = drawn.Layer;
            var options = repetition % 2 == 0 ? "gptq:w=4,clip=min-max" : "gptq:w=3,act-order";
            var plane = Codes(layer, options);
            for (var group = 0; group < layer.Groups; group++)
            {
                var moments = SecondMoments.Of(layer.Input.Patches(group));
                var order = Enumerable.Range(0, layer.Depth).ToArray();
                if (repetition % 2 == 1) order = [.. order.OrderByDescending(n => moments[(n * layer.Depth) + n])];
                for (var m = group * (layer.Outputs / layer.Groups); m < (group + 1) * (layer.Outputs / layer.Groups); m++)
                {
                    var expected = Definition(layer.Row(m), moments, order, plane.Scales[m], plane.Bits);
                    rounded += layer.Depth;
                    different += expected.Zip(plane.Codes.AsSpan(m * layer.Depth, layer.Depth).ToArray(), (a, b) => a == b ? 0 : 1).Sum();
                }
            }
        }

        // Rounding tips a tie now and then, and what follows it.
        different.ShouldBeLessThan(rounded / 500);
    }

    [Fact]
    public void The_output_is_closer_than_with_the_nearest_integers()
    {
        var random = new Random(62);
        double near = 0, propagated = 0;
        for (var repetition = 0; repetition < 200; repetition++)
        {
            var drawn = RandomLayer.Draw(random, rows: 200);
            near += Error(drawn, Codes(drawn.Layer, "uniform:w=3,a=float,w-clip=mse"));
            propagated += Error(drawn, Codes(drawn.Layer, "gptq:w=3,damp=0.001"));
        }

        propagated.ShouldBeLessThan(0.9 * near);
    }

    [Fact]
    public void Inputs_that_are_always_zero_take_the_nearest_integer()
    {
        var layer = new DotProductLayer
        {
            Name = "fc",
            Index = 1,
            Kind = LayerKind.FullyConnected,
            Positions = 1,
            Outputs = 1,
            Depth = 3,
            Weights = new float[] { 0.7f, -0.32f, 0.1f },
            Bias = new float[1],
            Input = new SampleStatistics([[[0, 0, 0], [0, 0, 0]]]),
        };
        Codes(layer, "gptq:w=4,clip=min-max").Codes.ShouldBe([7, -3, 1]);
    }

    private static double Error(RandomLayer drawn, WeightPlane plane)
    {
        var layer = drawn.Layer;
        double error = 0, power = 0;
        for (var m = 0; m < layer.Outputs; m++)
        {
            foreach (var row in drawn.Patches[m * layer.Groups / layer.Outputs])
            {
                double exact = 0, rounded = 0;
                for (var k = 0; k < layer.Depth; k++)
                {
                    exact += layer.Row(m)[k] * (double)row[k];
                    rounded += plane.Codes[(m * layer.Depth) + k] * (double)plane.Scales[m] * row[k];
                }

                error += (exact - rounded) * (exact - rounded);
                power += exact * exact;
            }
        }

        return error / (power + 1e-30);
    }

    /// <summary>Optimal brain quantization in a given order: each step uses the inverse of what is left and takes one row and column out of it.</summary>
    private static int[] Definition(ReadOnlySpan<float> row, double[] moments, int[] order, float scale, int bits)
    {
        var depth = order.Length;
        var inverse = Inverse(moments, depth);
        var weights = row.ToArray().Select(w => (double)w).ToArray();
        var codes = new int[depth];
        foreach (var n in order)
        {
            var largest = (1 << (bits - 1)) - 1;
            codes[n] = (int)Math.Clamp(Math.Round(weights[n] / scale), -largest, largest);
            var error = (weights[n] - (codes[n] * (double)scale)) / inverse[n, n];
            for (var j = 0; j < depth; j++) weights[j] -= error * inverse[n, j];
            var column = Enumerable.Range(0, depth).Select(j => inverse[n, j]).ToArray();
            for (var i = 0; i < depth; i++)
            {
                for (var j = 0; j < depth; j++) inverse[i, j] -= column[i] * column[j] / column[n];
            }
        }

        return codes;
    }

    /// <summary>(A + ridge)⁻¹ by Gauss and Jordan.</summary>
    private static double[,] Inverse(double[] moments, int depth)
    {
        var trace = Enumerable.Range(0, depth).Sum(n => moments[(n * depth) + n]);
        var ridge = trace > 0 ? 0.01 * trace / depth : 1;
        var (left, right) = (new double[depth, depth], new double[depth, depth]);
        for (var i = 0; i < depth; i++)
        {
            for (var j = 0; j < depth; j++) left[i, j] = moments[(i * depth) + j] + (i == j ? ridge : 0);
            right[i, i] = 1;
        }

        for (var pivot = 0; pivot < depth; pivot++)
        {
            var divisor = left[pivot, pivot];
            for (var j = 0; j < depth; j++) (left[pivot, j], right[pivot, j]) = (left[pivot, j] / divisor, right[pivot, j] / divisor);
            for (var i = 0; i < depth; i++)
            {
                var factor = left[i, pivot];
                if (i == pivot || factor == 0) continue;
                for (var j = 0; j < depth; j++)
                {
                    left[i, j] -= factor * left[pivot, j];
                    right[i, j] -= factor * right[pivot, j];
                }
            }
        }

        return right;
    }

    private static WeightPlane Codes(DotProductLayer layer, string recipe)
    {
        var draft = new LayerDraft(layer);
        ((ILayerMethod)Recipe.Parse(recipe).Steps[0].Component).Fill(draft);
        return draft.Weights!.Single;
    }
}
