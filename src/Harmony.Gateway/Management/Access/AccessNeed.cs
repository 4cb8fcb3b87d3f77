namespace Harmony.Gateway.Management.Access;

/// <summary>What an operation asks of who wants it.</summary>
internal enum AccessNeed
{
    /// <summary>Nothing anywhere: it says one word that is no secret.</summary>
    Nothing,

    /// <summary>To be on this machine, or proof.</summary>
    Reading,

    /// <summary>Proof, everywhere.</summary>
    Changing,
}
