using Subbyte.Methods;

namespace Subbyte.Data;

/// <summary>Options in a specification: <c>name=value</c>, separated by commas.</summary>
internal static class DataOptions
{
    /// <summary>Sets options.</summary>
    /// <param name="kind">Whose options they are.</param>
    /// <param name="spec">The specification, for errors.</param>
    /// <param name="fields">The options as written.</param>
    /// <param name="known">The options that there are.</param>
    /// <param name="target">The record that takes the values.</param>
    /// <exception cref="UserErrorException">There is no such option, or it cannot have this value.</exception>
    public static void Read(IDataKind kind, DataSpec spec, IEnumerable<string> fields, IReadOnlyList<MethodOption> known, object target)
    {
        foreach (var field in fields)
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            var option = known.FirstOrDefault(candidate => equals > 0 && candidate.Name == field[..equals])
                ?? throw spec.Error($"'{field}' is not an option of {kind.Name}; write {kind.Usage}");
            option.Set(target, field[(equals + 1)..], $"data '{spec.Text}'");
        }
    }
}
