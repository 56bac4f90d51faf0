// Within WeChat: the button opens WeChat's own payment, and whatever came of it is asked of the bank.
export function start(announce) {
  const invoke = button => window.WeixinJSBridge.invoke('getBrandWCPayRequest', JSON.parse(button.dataset.bridge), result => {
    if (result.err_msg === 'get_brand_wcpay_request:cancel') announce(button.dataset.cancelled);
    else location.assign(`${location.pathname}?returned=yes`);
  });
  // at the document, because the button comes and goes with what is known of the payment
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-bridge]');
    if (!button) return;
    if (window.WeixinJSBridge) invoke(button);
    else document.addEventListener('WeixinJSBridgeReady', () => invoke(button), { once: true });
  });
}
