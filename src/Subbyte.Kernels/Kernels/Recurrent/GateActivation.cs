namespace Subbyte.Kernels;

/// <summary>An activation function of a recurrent layer's gates.</summary>
public sealed class GateActivation
{
    private readonly Func<float, float>? _elementwise;

    /// <summary>A function.</summary>
    /// <param name="function">Which.</param>
    /// <param name="alpha">Its first parameter, where it has one.</param>
    /// <param name="beta">Its second parameter, where it has one.</param>
    public GateActivation(GateFunction function, float alpha = 0, float beta = 0)
    {
        (Function, Alpha, Beta) = (function, alpha, beta);
        _elementwise = function switch
        {
            GateFunction.Relu => x => x < 0 ? 0 : x,
            GateFunction.Softsign => x => x / (1 + Math.Abs(x)),
            GateFunction.Softplus => x => Math.Max(x, 0) + Transcendental.Log(1 + Transcendental.Exp(-Math.Abs(x))),
            GateFunction.Affine => x => (alpha * x) + beta,
            GateFunction.LeakyRelu => x => x < 0 ? alpha * x : x,
            GateFunction.ThresholdedRelu => x => x > alpha ? x : 0,
            GateFunction.ScaledTanh => x => alpha * Transcendental.Tanh(beta * x),
            GateFunction.HardSigmoid => x => Math.Clamp((alpha * x) + beta, 0, 1),
            GateFunction.Elu => x => x < 0 ? alpha * (Transcendental.Exp(x) - 1) : x,
            _ => null,
        };
    }

    /// <summary>Which function.</summary>
    public GateFunction Function { get; }

    /// <summary>Its first parameter.</summary>
    public float Alpha { get; }

    /// <summary>Its second parameter.</summary>
    public float Beta { get; }

    /// <summary>Applies it to each element.</summary>
    /// <param name="values">Arguments, replaced by results.</param>
    public void Apply(Span<float> values)
    {
        if (Function == GateFunction.Sigmoid) Transcendental.Sigmoid(values, values);
        else if (Function == GateFunction.Tanh) Transcendental.Tanh(values, values);
        else foreach (ref var value in values) value = _elementwise!(value);
    }
}
