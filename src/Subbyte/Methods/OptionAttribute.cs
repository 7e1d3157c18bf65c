namespace Subbyte.Methods;

/// <summary>
/// Marks a property of an options record as an option of a recipe step. The parser, <c>subbyte methods NAME</c>, the documentation and
/// the error texts are made from it. Supported types: bool (a flag), int, double, string (with <see cref="Choices"/>), and enums.
/// </summary>
/// <param name="name">The option's name in a recipe, lower case.</param>
/// <param name="help">What it does, one line.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionAttribute(string name, string help) : Attribute
{
    /// <summary>The option's name in a recipe.</summary>
    public string Name { get; } = name;

    /// <summary>What it does, one line.</summary>
    public string Help { get; } = help;

    /// <summary>Smallest number allowed.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    /// <summary>Largest number allowed.</summary>
    public double Maximum { get; init; } = double.PositiveInfinity;

    /// <summary>Unit of the number, or null.</summary>
    public string? Unit { get; init; }

    /// <summary>For strings: the values allowed, separated by '|', or null for any; <c>alias=value</c> accepts an alias.</summary>
    public string? Choices { get; init; }
}
