using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>Which smooth function of each element an <see cref="ActivationOperator"/> takes.</summary>
internal enum ActivationKind
{
    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>x, or α·x below 0.</summary>
    LeakyRelu,

    /// <summary>α·x + β, clamped to 0 … 1.</summary>
    HardSigmoid,

    /// <summary>x·HardSigmoid(x) with slope 1/6 and value ½ at 0.</summary>
    HardSwish,
}

/// <summary>A function of each element.</summary>
/// <param name="name">Name of the node.</param>
/// <param name="input">Input map.</param>
/// <param name="output">Output map.</param>
/// <param name="kind">The function.</param>
/// <param name="alpha">Its first number, where it has one.</param>
/// <param name="beta">Its second number, where it has one.</param>
internal sealed class ActivationOperator(string name, FeatureMap input, FeatureMap output, ActivationKind kind, float alpha = 0, float beta = 0) : Operator(name, input, output)
{
    private bool _addsToInput;

    /// <inheritdoc/>
    public override bool LooksAtOutput => true;

    /// <inheritdoc/>
    public override void ClaimGradients() => _addsToInput = Input.NeedsGradient && Claim(Input);

    /// <inheritdoc/>
    public override void Forward(SampleBlock block)
    {
        var x = block.Values(Input);
        var y = block.Values(Output);
        switch (kind)
        {
            case ActivationKind.Sigmoid: Transcendental.Sigmoid(x, y); break;
            case ActivationKind.Tanh: Transcendental.Tanh(x, y); break;
            case ActivationKind.LeakyRelu: Activations.LeakyRelu(x, alpha, y); break;
            case ActivationKind.HardSigmoid: Activations.HardSigmoid(x, alpha, beta, y); break;
            default: Activations.HardSwish(x, y); break;
        }
    }

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        if (!Input.NeedsGradient) return;
        var x = block.Values(Input);
        var y = block.Values(Output);
        var dy = block.Gradient(Output);
        var dx = block.Gradient(Input);
        switch (kind)
        {
            case ActivationKind.Sigmoid: ActivationGradient.Sigmoid(y, dy, _addsToInput, dx); break;
            case ActivationKind.Tanh: ActivationGradient.Tanh(y, dy, _addsToInput, dx); break;
            case ActivationKind.LeakyRelu: ActivationGradient.LeakyRelu(x, alpha, dy, _addsToInput, dx); break;
            case ActivationKind.HardSigmoid: ActivationGradient.HardSigmoid(y, alpha, dy, _addsToInput, dx); break;
            default: ActivationGradient.HardSwish(x, dy, _addsToInput, dx); break;
        }
    }
}
