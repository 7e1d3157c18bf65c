namespace Subbyte.Tests.Cli;

/// <summary>Names of a schema's members: those promised must be there, more may be.</summary>
internal static class Names
{
    public static void ShouldHold(this string[] actual, string[] promised)
        => promised.Except(actual, StringComparer.Ordinal).ShouldBeEmpty($"members: {string.Join(", ", actual)}");
}
