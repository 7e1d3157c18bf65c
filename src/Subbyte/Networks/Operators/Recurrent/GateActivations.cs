using Subbyte.Kernels;
using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>Reads the activations of a recurrent node.</summary>
internal static class GateActivations
{
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
        if (!Enum.TryParse<GateFunction>(name, ignoreCase: true, out var function) || !Enum.IsDefined(function) || char.IsDigit(name[0])) throw context.Fail($"activation '{name}' is not known");
        return function switch
        {
            GateFunction.Affine or GateFunction.ScaledTanh => new GateActivation(function, Alpha(1), Beta(function == GateFunction.Affine ? 0 : 1)),
            GateFunction.HardSigmoid => new GateActivation(function, Alpha(0.2f), Beta(0.5f)),
            GateFunction.LeakyRelu => new GateActivation(function, Alpha(0.01f)),
            GateFunction.ThresholdedRelu or GateFunction.Elu => new GateActivation(function, Alpha(1)),
            _ => new GateActivation(function),
        };
    }

    private static float[] Floats(NodeContext context, string name)
        => context.Node.Attributes.TryGetValue(name, out var given) ? given.Value as float[] ?? throw context.Fail($"its {name} is not a list of numbers") : [];
}
