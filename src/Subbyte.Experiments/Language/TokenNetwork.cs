using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Experiments.Language;

/// <summary>
/// Networks that take word ids and a state: the first input is the ids, the first output the logits of the next word; each further output is what the
/// further input of the same number is at the next step.
/// </summary>
internal static class TokenNetwork
{
    /// <summary>Whether a network takes word ids.</summary>
    /// <param name="network">The network.</param>
    /// <returns>True when its first input holds integers.</returns>
    public static bool IsOne(Network network) => network.Inputs is [{ ElementType: ElementType.Int64 or ElementType.Int32 }, ..];

    /// <summary>Ensures that a network can be run word by word.</summary>
    /// <param name="plan">Its plan for one sequence and one step.</param>
    /// <param name="network">Name of the network.</param>
    /// <param name="words">Size of the vocabulary.</param>
    /// <exception cref="UserErrorException">It cannot.</exception>
    public static void Check(ExecutionPlan plan, string network, int words)
    {
        var (inputs, outputs) = (plan.InputTypes.ToArray(), plan.OutputTypes.ToArray());
        if (inputs.Length != outputs.Length || inputs[0].Count != 1)
            throw new UserErrorException($"'{network}' takes word ids, {inputs[0]}, and {inputs.Length - 1} states, and gives {outputs.Length} values; it needs one id a step, and one state out for each state in");
        for (var state = 1; state < inputs.Length; state++)
        {
            if (inputs[state].ElementType != ElementType.Float32 || outputs[state].ElementType != ElementType.Float32 || !inputs[state].Dimensions.SequenceEqual(outputs[state].Dimensions))
                throw new UserErrorException($"'{network}': output {state} is {outputs[state]}, which cannot be the next step's input {state}, {inputs[state]}");
        }

        if (outputs[0].ElementType != ElementType.Float32 || outputs[0].Count != words)
            throw new UserErrorException($"'{network}' gives {outputs[0]} for a word, the vocabulary has {words} words; give the vocabulary that the network was trained with");
    }
}
