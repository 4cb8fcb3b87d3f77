namespace Harmony.Http.Tls;

/// <summary>How messages about files for TLS speak of a protocol.</summary>
/// <param name="WithTls">What a target needs to have: <c>an https address</c>.</param>
/// <param name="WithoutTls">Where a file has no effect: <c>on an address of http</c>.</param>
internal sealed record ClientTlsWords(string WithTls, string WithoutTls)
{
    public static readonly ClientTlsWords Http = new("an https address", "on an address of http");

    public static readonly ClientTlsWords Dicom = new("'use_tls'", "without 'use_tls'");
}
