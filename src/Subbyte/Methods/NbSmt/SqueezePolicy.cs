namespace Subbyte.Methods.NbSmt;

/// <summary>When an operand may keep all its bits in a collision.</summary>
public enum WidthCheck
{
    /// <summary>Never: data width is ignored.</summary>
    None,

    /// <summary>When the operand that would be squeezed is narrow.</summary>
    Squeezed,

    /// <summary>When either operand is narrow; operands are swapped where the narrow one is the other.</summary>
    Either,
}

/// <summary>What a thread's product becomes when it has to share the multiplier (section 3.2).</summary>
public sealed class SqueezePolicy
{
    private SqueezePolicy(string name, bool usesIdleThreads, bool squeezesWeight, WidthCheck check)
    {
        Name = name;
        UsesIdleThreads = usesIdleThreads;
        SqueezesWeight = squeezesWeight;
        Check = check;
    }

    /// <summary>The default: activations are squeezed unless they fit, and only in collisions.</summary>
    public static SqueezePolicy Default { get; } = new("S+A", usesIdleThreads: true, squeezesWeight: false, WidthCheck.Squeezed);

    /// <summary>All policies.</summary>
    public static IReadOnlyList<SqueezePolicy> All { get; } =
    [
        new("S", usesIdleThreads: true, squeezesWeight: false, WidthCheck.None),
        Default,
        new("S+Aw", usesIdleThreads: true, squeezesWeight: false, WidthCheck.Either),
        new("S+W", usesIdleThreads: true, squeezesWeight: true, WidthCheck.Squeezed),
        new("S+aW", usesIdleThreads: true, squeezesWeight: true, WidthCheck.Either),
        new("A", usesIdleThreads: false, squeezesWeight: false, WidthCheck.Squeezed),
        new("Aw", usesIdleThreads: false, squeezesWeight: false, WidthCheck.Either),
        new("W", usesIdleThreads: false, squeezesWeight: true, WidthCheck.Squeezed),
        new("aW", usesIdleThreads: false, squeezesWeight: true, WidthCheck.Either),
    ];

    /// <summary>Name in recipes: the capital letter is the operand that is squeezed, the small one an operand whose width is looked at too.</summary>
    public string Name { get; }

    /// <summary>Whether a thread with a zero operand leaves the multiplier to the others; without it every cycle counts as a collision.</summary>
    public bool UsesIdleThreads { get; }

    /// <summary>Whether weights are squeezed, not activations.</summary>
    public bool SqueezesWeight { get; }

    /// <summary>When an operand keeps all its bits.</summary>
    public WidthCheck Check { get; }

    /// <summary>Finds a policy.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The policy.</returns>
    public static SqueezePolicy Find(string name) => All.First(policy => policy.Name == name);

    /// <summary>The name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;
}
