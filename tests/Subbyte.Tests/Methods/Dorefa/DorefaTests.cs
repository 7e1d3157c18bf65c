using Subbyte.Methods.Dorefa;

namespace Subbyte.Tests.Methods.Dorefa;

/// <summary>The codes of the specification's vectors, and the surrogate through tanh.</summary>
public sealed class DorefaTests
{
    private static readonly float[] Weights = [0.3f, -0.8f, 0.05f, 0, 1.2f, -0.02f];

    [Fact]
    public void Weights_follow_the_vectors()
    {
        foreach (var row in VectorTable.Read("Methods/Dorefa/steps.vectors.txt"))
        {
            var quantized = new float[6];
            DorefaGrid.Quantize(Weights, 4, row.Number("ratio"), quantized);
            quantized.ShouldBe(row.Floats("quantized"), 2e-6, row.ToString());
        }
    }

    [Fact]
    public void Training_quantizes_as_the_grid_does_and_the_codes_are_odd()
    {
        var (grid, trained) = (new float[6], new float[6]);
        DorefaGrid.Quantize(Weights, 4, 1, grid);
        var quantizer = new DorefaWeights(1, 4);
        quantizer.Forward(Weights, [], trained);
        trained.ShouldBe(grid, 1e-6);
        quantizer.Codes(Weights, []).Single.Codes.ShouldAllBe(code => code % 2 != 0 && Math.Abs(code) <= 15);
    }

    [Fact]
    public void The_gradient_is_that_of_the_normalized_tanh()
    {
        var gradient = new float[6];
        new DorefaWeights(1, 4).Backward(Weights, [], [1, 1, 1, 1, 1, 1], gradient, []);
        for (var i = 0; i < 6; i++)
        {
            // The largest weight's own share in max|tanh| is held, as in the paper's code.
            var derivative = (Math.Tanh(Weights[i] + 1e-5) - Math.Tanh(Weights[i] - 1e-5)) / 2e-5 / Math.Tanh(1.2);
            ((double)gradient[i]).ShouldBe(derivative, 1e-5);
        }
    }

    [Fact]
    public void Activations_are_clamped_to_one_and_gradients_pass_inside()
    {
        var quantizer = new DorefaActivations(2);
        float[] x = [-0.1f, 0, 0.16f, 0.17f, 0.5f, 1, 1.1f];
        var (quantized, gradient) = (new float[7], new float[7]);
        quantizer.Forward(x, [], quantized);
        quantized.ShouldBe([0, 0, 0, 1 / 3f, 2 / 3f, 1, 1], 1e-7);
        quantizer.Backward(x, [], [1, 1, 1, 1, 1, 1, 1], gradient, []);
        gradient.ShouldBe([0, 1, 1, 1, 1, 1, 0]);
    }
}
