"""Made the signed texts beside it, with openssl and nothing of the code under test. The keys are good for tests only."""
import base64, hashlib, os, subprocess, urllib.parse

os.chdir(os.path.dirname(os.path.abspath(__file__)))


def sign(key, text):
    return base64.b64encode(subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=text.encode(), capture_output=True, check=True).stdout).decode()


def joined(fields, *without):
    return "&".join(f"{k}={v}" for k, v in sorted(fields.items()) if v and k not in without)


request = {"app_id": "2021000000000001", "method": "alipay.trade.query", "format": "JSON", "charset": "utf-8", "sign_type": "RSA2", "timestamp": "2026-11-22 10:00:00",
           "version": "1.0", "notify_url": "", "biz_content": '{"out_trade_no":"019ab7c0e1f07c3a9d5e2f4b6a8c0d1e","subject":"护士执业资格考试费"}'}
open("alipay-request.sig", "w").write(sign("alipay-app.key.pem", joined(request, "sign")))

reply = r'{"code":"10000","msg":"Success","trade_no":"2026112222001400000000000001","out_trade_no":"019ab7c0e1f07c3a9d5e2f4b6a8c0d1e","trade_status":"TRADE_SUCCESS","total_amount":"244.00","send_pay_date":"2026-11-22 10:00:30","store_name":"\/考试"}'
open("alipay-answer.json", "w").write('{"alipay_trade_query_response":' + reply + ',"sign":"' + sign("alipay-own.key.pem", reply) + '"}')

notify = {"notify_type": "trade_status_sync", "notify_id": "2026112200222100030000000000000001", "notify_time": "2026-11-22 10:00:31", "sign_type": "RSA2", "charset": "utf-8", "version": "1.0",
          "app_id": "2021000000000001", "seller_id": "2088000000000001", "trade_no": "2026112222001400000000000001", "out_trade_no": "019ab7c0e1f07c3a9d5e2f4b6a8c0d1e",
          "trade_status": "TRADE_SUCCESS", "total_amount": "244.00", "gmt_payment": "2026-11-22 10:00:30", "subject": "护士执业资格考试费 a+b"}
notify["sign"] = sign("alipay-own.key.pem", joined(notify, "sign", "sign_type"))
open("alipay-notify.form", "w").write(urllib.parse.urlencode(notify))


def digest(fields):
    return hashlib.sha256(joined(fields, "signature").encode()).hexdigest()


query = {"version": "5.1.0", "encoding": "UTF-8", "signMethod": "01", "certId": str(0x4B9A2C7D12), "accessType": "0", "merId": "700000000000001", "txnType": "00", "orderId": "019ab7c0e1f07c3a9d5e2f4b6a8c0d1e", "txnTime": "20261122100000", "empty": ""}
open("unionpay-request.sig", "w").write(sign("unionpay-merchant.key.pem", digest(query)))

for certificate in ("unionpay-bank", "unionpay-expired", "unionpay-early", "unionpay-merchant"):
    told = {"version": "5.1.0", "encoding": "UTF-8", "signMethod": "01", "accessType": "0", "bizType": "000201", "txnType": "01", "txnSubType": "01", "merId": "700000000000001",
            "orderId": "019ab7c0e1f07c3a9d5e2f4b6a8c0d1e", "txnTime": "20261231235950", "txnAmt": "24400", "currencyCode": "156", "queryId": "951807261002324791038", "traceTime": "0101000010",
            "respCode": "00", "respMsg": "成功[0000000]", "signPubKeyCert": open(certificate + ".pem").read()}
    told["signature"] = sign("unionpay-merchant.key.pem" if certificate == "unionpay-merchant" else "unionpay-bank.key.pem", digest(told))
    open(certificate + ".form", "w").write(urllib.parse.urlencode(told))
