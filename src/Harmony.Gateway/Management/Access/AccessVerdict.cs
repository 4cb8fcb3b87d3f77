namespace Harmony.Gateway.Management.Access;

/// <summary>Whether a request to the management API goes on.</summary>
/// <param name="Status">HTTP status of the refusal; 0 where it goes on.</param>
/// <param name="Reason">Why not; empty where it goes on.</param>
/// <param name="Operator">Who it is: <c>token</c>, the subject of a certificate, or <c>anybody</c>.</param>
internal readonly record struct AccessVerdict(int Status, string Reason, string Operator)
{
    public bool IsGranted => Status == 0;

    public static AccessVerdict Granted(string @operator) => new(0, "", @operator);

    public static AccessVerdict Refused(int status, string reason) => new(status, reason, "");
}
