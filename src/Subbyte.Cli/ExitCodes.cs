namespace Subbyte.Cli;

/// <summary>What the command's exit codes mean.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>It ran, and a check that was asked for does not hold.</summary>
    public const int CheckFailed = 1;

    /// <summary>Bad usage or input.</summary>
    public const int BadInput = 2;

    /// <summary>Cancelled.</summary>
    public const int Cancelled = 130;
}
