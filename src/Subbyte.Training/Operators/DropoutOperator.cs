using System.Numerics.Tensors;

namespace Subbyte.Training;

/// <summary>
/// Dropout (Srivastava et al., JMLR 2014): in training each element is zero with a probability, and the others are scaled so that the mean stays;
/// nothing happens in inference. Which ones are zero depends on the seed, the step, the sample's place in the batch and the node alone.
/// </summary>
/// <param name="name">Name of the node.</param>
/// <param name="input">Input map.</param>
/// <param name="output">Output map.</param>
/// <param name="ratio">Probability of a zero, 0 ≤ ratio &lt; 1.</param>
/// <param name="ordinal">Which node of the network it is.</param>
internal sealed class DropoutOperator(string name, FeatureMap input, FeatureMap output, float ratio, int ordinal) : Operator(name, input, output)
{
    private float[] _factors = [];
    private bool _addsToInput;

    /// <inheritdoc/>
    public override void ClaimGradients() => _addsToInput = Input.NeedsGradient && Claim(Input);

    /// <inheritdoc/>
    public override void Allocate(int samples)
    {
        var length = checked(samples * Input.Length);
        if (_factors.Length < length) _factors = new float[length];
    }

    /// <inheritdoc/>
    public override void Forward(SampleBlock block)
    {
        if (!block.Pass.IsTraining)
        {
            block.Values(Input).CopyTo(block.Values(Output));
            return;
        }

        var kept = 1 / (1 - ratio);
        for (var sample = block.First; sample < block.First + block.Count; sample++)
        {
            var factors = Factors(sample, 1);
            var random = block.Pass.Random(RandomStream.Dropout + (ulong)ordinal, sample);
            for (var i = 0; i < factors.Length; i++) factors[i] = random.NextFloat() < ratio ? 0 : kept;
        }

        TensorPrimitives.Multiply(block.Values(Input), Factors(block.First, block.Count), block.Values(Output));
    }

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        if (!Input.NeedsGradient) return;
        var dy = block.Gradient(Output);
        var dx = block.Gradient(Input);
        var factors = Factors(block.First, block.Count);
        if (_addsToInput) TensorPrimitives.FusedMultiplyAdd(dy, factors, dx, dx);
        else TensorPrimitives.Multiply(dy, factors, dx);
    }

    private Span<float> Factors(int first, int count) => _factors.AsSpan(first * Input.Length, count * Input.Length);
}
