using Subbyte.Kernels;
using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>An activation function of a recurrent layer's gates.</summary>
internal abstract class GateActivation
{
    /// <summary>Applies it to each element.</summary>
    /// <param name="values">Arguments, replaced by results.</param>
    public abstract void Apply(Span<float> values);

    /// <summary>Reads the attributes <c>activations</c>, <c>activation_alpha</c> and <c>activation_beta</c>.</summary>
    /// <param name="context">The node.</param>
    /// <param name="defaults">Names for one direction where none are given.</param>
    /// <param name="directions">Number of directions.</param>
    /// <returns>Functions [direction][gate].</returns>
    public static GateActivation[][] Read(NodeContext context, string[] defaults, int directions)
    {
        string[] names = [.. Enumerable.Repeat(defaults, directions).SelectMany(name => name)];
        if (context.Node.Attributes.TryGetValue("activations", out var given)) names = given.Value as string[] ?? throw context.Fail("its activations are not a list of names");
        if (names.Length != defaults.Length * directions) throw context.Fail($"has {names.Length} activations where {defaults.Length * directions} are needed");
        var alphas = new Queue<float>(Floats(context, "activation_alpha"));
        var betas = new Queue<float>(Floats(context, "activation_beta"));
        var functions = names.Select(name => Create(context, name, alphas, betas)).ToArray();
        return [.. functions.Chunk(defaults.Length)];
    }

    /// <summary>Alphas and betas are given for those functions only that have them, in their order.</summary>
    private static GateActivation Create(NodeContext context, string name, Queue<float> alphas, Queue<float> betas)
    {
        float Alpha(float absent) => alphas.TryDequeue(out var alpha) ? alpha : absent;
        float Beta(float absent) => betas.TryDequeue(out var beta) ? beta : absent;
        switch (name.ToUpperInvariant())
        {
            case "SIGMOID": return new Vectorized(Transcendental.Sigmoid);
            case "TANH": return new Vectorized(Transcendental.Tanh);
            case "RELU": return new Elementwise(x => x < 0 ? 0 : x);
            case "SOFTSIGN": return new Elementwise(x => x / (1 + Math.Abs(x)));
            case "SOFTPLUS": return new Elementwise(x => Math.Max(x, 0) + Transcendental.Log(1 + Transcendental.Exp(-Math.Abs(x))));
            case "AFFINE": var (scale, shift) = (Alpha(1), Beta(0)); return new Elementwise(x => (scale * x) + shift);
            case "LEAKYRELU": var slope = Alpha(0.01f); return new Elementwise(x => x < 0 ? slope * x : x);
            case "THRESHOLDEDRELU": var threshold = Alpha(1); return new Elementwise(x => x > threshold ? x : 0);
            case "SCALEDTANH": var (outer, inner) = (Alpha(1), Beta(1)); return new Elementwise(x => outer * Transcendental.Tanh(inner * x));
            case "HARDSIGMOID": var (rise, offset) = (Alpha(0.2f), Beta(0.5f)); return new Elementwise(x => Math.Clamp((rise * x) + offset, 0, 1));
            case "ELU": var depth = Alpha(1); return new Elementwise(x => x < 0 ? depth * (Transcendental.Exp(x) - 1) : x);
            default: throw context.Fail($"activation '{name}' is not known");
        }
    }

    private static float[] Floats(NodeContext context, string name)
        => context.Node.Attributes.TryGetValue(name, out var given) ? given.Value as float[] ?? throw context.Fail($"its {name} is not a list of numbers") : [];

    private delegate void SpanFunction(ReadOnlySpan<float> arguments, Span<float> results);

    private sealed class Vectorized(SpanFunction function) : GateActivation
    {
        public override void Apply(Span<float> values) => function(values, values);
    }

    private sealed class Elementwise(Func<float, float> function) : GateActivation
    {
        public override void Apply(Span<float> values)
        {
            foreach (ref var value in values) value = function(value);
        }
    }
}
