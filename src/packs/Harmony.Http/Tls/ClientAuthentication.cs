namespace Harmony.Http.Tls;

/// <summary>Whether clients are asked for a certificate.</summary>
public enum ClientAuthentication
{
    /// <summary>They are not.</summary>
    None,

    /// <summary>They are and may come without; one that they show must be good.</summary>
    Request,

    /// <summary>They are, and without a good one there is no connection.</summary>
    Require,
}
