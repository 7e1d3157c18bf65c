using Subbyte.Lowering;
using Subbyte.Networks.Execution;
using Subbyte.Networks.Operators;

namespace Subbyte.Networks;

/// <summary>Finds element type and shape of every value of a network.</summary>
public static class ShapeInference
{
    /// <summary>Infers the types of all values. A first dimension that is free stays so: sizes that grow with it are named by it.</summary>
    /// <param name="network">The network.</param>
    /// <returns>Inputs, constants and what nodes make, by name.</returns>
    /// <exception cref="UserErrorException">Operators are missing, or a node cannot be executed.</exception>
    public static IReadOnlyDictionary<string, NetworkValue> Infer(Network network)
    {
        OperatorSet.Default.RequireAll(network);
        var one = Types(network, 1);
        var two = IsFree(network) ? TryTypes(network, 2) : null;
        var symbol = network.Inputs.Count > 0 && network.Inputs[0].Shape is [{ Symbol: { } name }, ..] ? name : "N";
        return one.ToDictionary(value => value.Key, value => Value(value.Key, value.Value, two?.GetValueOrDefault(value.Key), symbol), StringComparer.Ordinal);
    }

    private static bool IsFree(Network network) => network.Inputs.Count > 0 && network.Inputs[0].Shape is [{ Size: null }, ..];

    private static IReadOnlyDictionary<string, TensorType> Types(Network network, int batch)
    {
        var builder = new PlanBuilder(new LowBitNetwork(network, new Dictionary<string, LoweredLayer>(StringComparer.Ordinal)), new ExecutionOptions { Batch = batch });
        try
        {
            builder.Build();
        }
        catch (OverflowException failure)
        {
            throw new UserErrorException($"network '{network.Name}': its values are too large to be held at batch {batch}", failure);
        }

        return builder.ValueTypes;
    }

    /// <summary>Networks that fix the batch in a Reshape run at no other.</summary>
    private static IReadOnlyDictionary<string, TensorType>? TryTypes(Network network, int batch)
    {
        try
        {
            return Types(network, batch);
        }
        catch (UserErrorException)
        {
            return null;
        }
    }

    private static NetworkValue Value(string name, TensorType one, TensorType? two, string symbol)
    {
        var dimensions = new Dimension[one.Rank];
        for (var axis = 0; axis < dimensions.Length; axis++)
        {
            var size = one.Dimensions[axis];
            var other = two is not null && two.Rank == one.Rank ? two.Dimensions[axis] : size;
            dimensions[axis] = other == size ? new Dimension(size) : new Dimension(null, other == 2L * size ? (size == 1 ? symbol : $"{size}*{symbol}") : null);
        }

        return new NetworkValue(name, one.ElementType, dimensions);
    }
}
