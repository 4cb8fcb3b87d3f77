namespace Harmony.Dicom.Network.Pdus;

/// <summary>The items of a user information item: PS3.8 §D.1, PS3.7 §D.3.3. Those that are not known are passed over.</summary>
internal static class UserInformationCodec
{
    public static void Write(ItemWriter writer, UserInformation user)
    {
        writer.Item(ItemType.MaxLength, item => item.UInt32(user.MaxPduLength));
        writer.TextItem(ItemType.ImplementationClassUid, user.ImplementationClassUid);
        if (user.AsynchronousOperations is { } window)
        {
            writer.Item(ItemType.AsynchronousOperations, item =>
            {
                item.UInt16(window.Invoked);
                item.UInt16(window.Performed);
            });
        }

        foreach (var role in user.RoleSelections)
        {
            writer.Item(ItemType.RoleSelection, item =>
            {
                item.LengthAndText(role.SopClassUid);
                item.Bytes([(byte)(role.IsScu ? 1 : 0), (byte)(role.IsScp ? 1 : 0)]);
            });
        }

        if (user.ImplementationVersionName is { } name) writer.TextItem(ItemType.ImplementationVersionName, name);
        foreach (var negotiation in user.ExtendedNegotiations)
        {
            writer.Item(ItemType.ExtendedNegotiation, item =>
            {
                item.LengthAndText(negotiation.SopClassUid);
                item.Bytes(negotiation.Information.Span);
            });
        }

        foreach (var negotiation in user.CommonExtendedNegotiations) writer.Item(ItemType.CommonExtendedNegotiation, item => Write(item, negotiation));
        if (user.UserIdentity is { } identity) writer.Item(ItemType.UserIdentity, item => Write(item, identity));
        if (user.UserIdentityResponse is { } response) writer.Item(ItemType.UserIdentityResponse, item => item.LengthAndBytes(response.Span));
    }

    public static UserInformation Read(ref ItemReader reader)
    {
        var user = new UserInformation { ImplementationClassUid = "", ImplementationVersionName = null };
        var roles = new List<RoleSelection>();
        var extended = new List<ExtendedNegotiation>();
        var common = new List<CommonExtendedNegotiation>();
        while (reader.TryReadItem(out var type, out var item))
        {
            switch (type)
            {
                case ItemType.MaxLength:
                    user = user with { MaxPduLength = item.UInt32() };
                    break;
                case ItemType.ImplementationClassUid:
                    user = user with { ImplementationClassUid = item.Name() };
                    break;
                case ItemType.AsynchronousOperations:
                    user = user with { AsynchronousOperations = new AsynchronousOperationsWindow(item.UInt16(), item.UInt16()) };
                    break;
                case ItemType.RoleSelection:
                    roles.Add(new RoleSelection(item.Part().Uid(), item.Byte() != 0, item.Byte() != 0));
                    break;
                case ItemType.ImplementationVersionName:
                    user = user with { ImplementationVersionName = item.Name() };
                    break;
                case ItemType.ExtendedNegotiation:
                    extended.Add(new ExtendedNegotiation(item.Part().Uid(), item.Rest()));
                    break;
                case ItemType.CommonExtendedNegotiation:
                    common.Add(ReadCommon(ref item));
                    break;
                case ItemType.UserIdentity:
                    user = user with { UserIdentity = ReadIdentity(ref item) };
                    break;
                case ItemType.UserIdentityResponse:
                    user = user with { UserIdentityResponse = item.Part().Rest() };
                    break;
            }

            reader.CountItemsOf(item);
        }

        return user with { RoleSelections = roles, ExtendedNegotiations = extended, CommonExtendedNegotiations = common };
    }

    private static void Write(ItemWriter item, CommonExtendedNegotiation negotiation)
    {
        item.LengthAndText(negotiation.SopClassUid);
        item.LengthAndText(negotiation.ServiceClassUid);
        var related = new ItemWriter();
        foreach (var uid in negotiation.RelatedGeneralSopClassUids) related.LengthAndText(uid);
        item.LengthAndBytes(related.ToArray());
    }

    private static CommonExtendedNegotiation ReadCommon(ref ItemReader item)
    {
        var (sopClass, serviceClass) = (item.Part().Uid(), item.Part().Uid());
        var related = item.Part();
        var uids = new List<string>();
        while (!related.IsEmpty) uids.Add(related.Part().Uid());
        return new CommonExtendedNegotiation(sopClass, serviceClass, uids);
    }

    private static void Write(ItemWriter item, UserIdentity identity)
    {
        item.Bytes([(byte)identity.Type, (byte)(identity.WantsResponse ? 1 : 0)]);
        item.LengthAndBytes(identity.Primary.Span);
        item.LengthAndBytes(identity.Secondary.Span);
    }

    private static UserIdentity ReadIdentity(ref ItemReader item)
    {
        var (type, wantsResponse) = ((UserIdentityType)item.Byte(), item.Byte() != 0);
        return new UserIdentity(type, item.Part().Rest(), item.Part().Rest(), wantsResponse);
    }
}
