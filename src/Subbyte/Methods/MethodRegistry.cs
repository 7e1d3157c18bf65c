namespace Subbyte.Methods;

/// <summary>The methods that recipes may name. <see cref="Default"/> holds the product's; others are added to a copy.</summary>
public sealed partial class MethodRegistry
{
    private readonly Dictionary<string, MethodDescriptor> _methods = new(StringComparer.Ordinal);

    /// <summary>A registry of the given methods.</summary>
    /// <param name="methods">Methods with distinct names.</param>
    /// <exception cref="ArgumentException">Two methods have one name.</exception>
    public MethodRegistry(IEnumerable<MethodDescriptor> methods)
    {
        foreach (var method in methods)
        {
            if (!_methods.TryAdd(method.Name, method)) throw new ArgumentException($"two methods are named '{method.Name}'", nameof(methods));
        }
    }

    /// <summary>The product's methods.</summary>
    public static MethodRegistry Default { get; } = new(BuiltIn());

    /// <summary>All methods, in the order of registration.</summary>
    public IReadOnlyCollection<MethodDescriptor> Methods => _methods.Values;

    /// <summary>This registry and more methods.</summary>
    /// <param name="methods">Methods to add.</param>
    /// <returns>A new registry.</returns>
    public MethodRegistry With(params IEnumerable<MethodDescriptor> methods) => new(Methods.Concat(methods));

    /// <summary>Finds a method by name.</summary>
    /// <param name="name">Name in a recipe.</param>
    /// <returns>The method.</returns>
    /// <exception cref="UserErrorException">No method has this name.</exception>
    public MethodDescriptor Find(string name)
        => _methods.TryGetValue(name, out var method)
            ? method
            : throw new UserErrorException($"there is no method '{name}'; known are {string.Join(", ", _methods.Keys)} ('subbyte methods' describes them)");
}
