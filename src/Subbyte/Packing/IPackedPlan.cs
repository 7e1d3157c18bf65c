using Subbyte.Runtime;

namespace Subbyte.Packing;

/// <summary>Where a step of a packed network stands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Inputs">Values that it reads.</param>
/// <param name="Output">The value that it makes.</param>
internal sealed record PackedPlace(string Name, int[] Inputs, int Output);

/// <summary>A planned node that the packed runtime has a step for.</summary>
internal interface IPackedPlan
{
    /// <summary>Inputs that are computed, not constant; null where all must be.</summary>
    int? DataInputs => 1;

    /// <summary>Whether its result is its input, element for element: it needs no step.</summary>
    bool IsCopy => false;

    /// <summary>Whether what it reads may be whole numbers, which a packed network holds as floats: numbers of words.</summary>
    bool TakesNumbers => false;

    /// <summary>The node as a step of a packed network; where it has several outputs, one that makes them one behind the other.</summary>
    /// <param name="place">Where it stands.</param>
    /// <returns>The step.</returns>
    /// <exception cref="UserErrorException">It does not pack as it is.</exception>
    PackedStep Pack(PackedPlace place);
}
